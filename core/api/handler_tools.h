// What handlers share: reading members of the request, shaping the answer. For the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "api/json_edge.h"
#include "api/routes.h"

namespace aiops::api::handlers {

using nlohmann::json;

inline HttpResponse badRequest(std::string_view message, std::string_view hint = {}) {
  return refusal(400, "bad_request", message, hint);
}

inline base::Error redacted(base::Error error, const security::Redactor& redactor) {
  error.what = redactor.redact(error.what);
  error.where = redactor.redact(error.where);
  return error;
}

/// A reply that renders `shape(value)` in snake_case, or the error.
template <class T, class Shape>
service::Reply<T> answerWith(const RequestContext& request, Responder respond, Shape shape) {
  const bool seesFiles = request.caller.mayApprove;
  return
      [respond = std::move(respond), redactor = request.redactor, shape, seesFiles](base::Result<T> result) {
        respond.later([result = std::move(result), redactor, shape, seesFiles] {
          if (!result) return refusal(redacted(result.error(), *redactor));
          json answer = shape(*result);
          redactTexts(answer, *redactor);
          if (!seesFiles) {
            withholdFileBytes(answer);
            redactPlans(answer, *redactor);
          }
          return jsonResponse(snakeKeys(std::move(answer)));
        });
      };
}

template <class T>
service::Reply<T> answerPlain(const RequestContext& request, Responder respond) {
  return answerWith<T>(request, std::move(respond), [](const T& value) { return json(value); });
}

template <class Number>
std::optional<Number> numberIn(const std::string& text, Number low, Number high) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) return {};
  return value;
}

/// The text member `name`; empty if it may be missing and is.
std::expected<std::string, HttpResponse> textMember(const RequestContext& request, const char* name,
                                                    size_t longest, bool required, std::string_view hint,
                                                    std::string_view besideIt = {});

/// The list of texts `name`, at most `most` of them; empty if it is missing. Members other than `beside` are
/// refused.
std::expected<std::vector<std::string>, HttpResponse> textsMember(
    const RequestContext& request, std::string_view name, size_t most, std::string_view hint,
    const std::vector<std::string_view>& beside = {});

}  // namespace aiops::api::handlers
