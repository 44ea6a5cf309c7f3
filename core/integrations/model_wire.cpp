// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/model_wire.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "model/strict_json.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;
using nlohmann::json;

constexpr size_t kEnvelopeDepth = 24;

base::Result<const json*> memberOf(const json& object, const char* key, json::value_t type) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return nullptr;
  if (found->type() != type) return malformed(std::string("'") + key + "' has another type");
  return &*found;
}

}  // namespace

std::unexpected<base::Error> malformed(const std::string& what) {
  return fail(ErrorCode::InvalidInput, "the model's answer is not as its API documents: " + what);
}

std::string errorWord(const std::string& kind) {
  const bool word = !kind.empty() && kind.size() <= 40 && std::ranges::all_of(kind, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return word ? kind : std::string();
}

std::unexpected<base::Error> reported(const std::string& kind) {
  const auto word = errorWord(kind);
  const bool passing = word == "overloaded_error" || word == "api_error" || word == "rate_limit_error" ||
                       word == "server_error" || word == "timeout_error";
  return fail(passing ? ErrorCode::Unavailable : ErrorCode::InvalidInput,
              "the provider broke off its answer" + (word.empty() ? "" : " (" + word + ")"));
}

base::Result<const json*> objectIn(const json& object, const char* key) {
  return memberOf(object, key, json::value_t::object);
}

base::Result<const json*> arrayIn(const json& object, const char* key) {
  return memberOf(object, key, json::value_t::array);
}

base::Result<std::string> textIn(const json& object, const char* key) {
  const auto found = memberOf(object, key, json::value_t::string);
  if (!found) return std::unexpected(found.error());
  return *found == nullptr ? std::string() : (*found)->get<std::string>();
}

base::Result<uint64_t> countIn(const json& object, const char* key) {
  const auto found = memberOf(object, key, json::value_t::number_unsigned);
  if (!found) return std::unexpected(found.error());
  return *found == nullptr ? 0 : (*found)->get<uint64_t>();
}

base::Result<bool> AnswerReader::take(const StreamEvent& event) {
  if (const auto ended = takeText(event.data); !ended || *ended) return ended;
  const auto data = model::parseStrictJson(event.data, "event", {.depth = kEnvelopeDepth});
  if (!data) return malformed(data.error().what.substr(0, 80));
  return takeJson(event.name, *data);
}

base::Result<> AnswerReader::append(const std::string& text) {
  m_reply.text += text;
  if (m_reply.text.size() > kMostText) {
    return fail(ErrorCode::LimitExceeded,
                "the model's answer is longer than " + std::to_string(kMostText) + " bytes");
  }
  return {};
}

}  // namespace aiops::integrations
