// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/pattern_handlers.h"

#include "api/handler_tools.h"
#include "model/json.h"
#include "model/pattern.h"

namespace aiops::api::handlers {
namespace {

using service::Operations;

constexpr size_t kLongestDocument = 64 * 1024;

/// The document in the body: the text of its one member "text", else the body itself.
std::expected<std::string, HttpResponse> documentIn(const RequestContext& request) {
  if (request.body.contains("text")) {
    return textMember(request, "text", kLongestDocument, true,
                      "send {\"text\":\"id: ...\"}, or the document as JSON");
  }
  if (request.body.empty()) {
    return std::unexpected(
        badRequest("the body holds no pattern", "send {\"text\":\"id: ...\"}, or the document as JSON"));
  }
  return request.body.dump();
}

}  // namespace

void patterns(Operations& operations, const RequestContext& request, Responder respond) {
  operations.patterns().listPatterns(answerWith<std::vector<model::PatternInfo>>(
      request, std::move(respond),
      [](const auto& all) { return json{{"items", all}, {"total", all.size()}}; }));
}

void pattern(Operations& operations, const RequestContext& request, Responder respond) {
  operations.patterns().pattern(request.id, answerPlain<model::PatternDetail>(request, std::move(respond)));
}

void savePattern(Operations& operations, const RequestContext& request, Responder respond) {
  auto document = documentIn(request);
  if (!document) return respond.send(document.error());
  operations.patterns().savePattern(request.caller, *std::move(document),
                                    answerPlain<model::PatternDetail>(request, std::move(respond)));
}

void enablePattern(Operations& operations, const RequestContext& request, Responder respond) {
  bool enabled = true;
  for (const auto& [key, value] : request.body.items()) {
    if (key != "enabled" || !value.is_boolean()) {
      return respond.send(refusal(422, "invalid_input", "the body has one member, \"enabled\": true or false",
                                  "send {\"enabled\":true}, or no body, which means the same"));
    }
    enabled = value.get<bool>();
  }
  operations.patterns().enablePattern(request.caller, request.id, enabled,
                                      answerPlain<model::PatternInfo>(request, std::move(respond)));
}

void removePattern(Operations& operations, const RequestContext& request, Responder respond) {
  operations.patterns().removePattern(
      request.caller, request.id,
      answerWith<std::string>(request, std::move(respond), [id = request.id](const std::string& left) {
        return json{{"id", id}, {"remains", left}};
      }));
}

void patternTypes(Operations& operations, const RequestContext& request, Responder respond) {
  operations.patterns().patternTypes(answerWith<std::vector<model::PatternType>>(
      request, std::move(respond),
      [](const auto& all) { return json{{"items", all}, {"total", all.size()}}; }));
}

void previewPattern(Operations& operations, const RequestContext& request, Responder respond) {
  auto document = documentIn(request);
  if (!document) return respond.send(document.error());
  operations.patterns().previewPattern(*std::move(document),
                                       answerPlain<model::PatternPreview>(request, std::move(respond)));
}

}  // namespace aiops::api::handlers
