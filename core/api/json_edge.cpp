// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/json_edge.h"

#include "base/bytes.h"
#include "model/strict_json.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace aiops::api {

namespace {

std::string snake(const std::string& camel) {
  std::string result;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) result += '_';
    result += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

/// Members whose text comes from logs, processes or people.
constexpr std::array kTextMembers = std::to_array<std::string_view>(
    {"captures",    "cause",   "detail",        "difference", "drift",     "executorProblem",
     "fact",        "fields",  "firstSignText", "history",    "key",       "label",
     "lastProblem", "lines",   "message",       "nearMisses", "note",      "notes",
     "output",      "problem", "reason",        "result",     "statement", "subject",
     "suggestion",  "tally",   "task",          "text",       "title",     "unsure",
     "what",        "why"});

bool holdsData(const std::string& key) {
  return key == "captures" || key == "parameters";
}

}  // namespace

base::Result<nlohmann::json> parseStrict(std::string_view text, size_t maxDepth) {
  return model::parseStrictJson(text, "body", {.depth = maxDepth});
}

nlohmann::json snakeKeys(nlohmann::json json) {
  if (json.is_array()) {
    for (auto& item : json) item = snakeKeys(std::move(item));
    return json;
  }
  if (!json.is_object()) return json;
  auto result = nlohmann::json::object();
  for (auto& [key, value] : json.items()) {
    result[snake(key)] = holdsData(key) ? std::move(value) : snakeKeys(std::move(value));
  }
  return result;
}

void redactTexts(nlohmann::json& json, const security::Redactor& redactor) {
  if (!json.is_structured()) return;
  for (auto& [key, member] : json.items()) {
    if (key == "plan") continue;
    const bool text = json.is_object() && std::ranges::find(kTextMembers, key) != kTextMembers.end();
    text ? redactor.redactStrings(member) : redactTexts(member, redactor);
  }
}

void redactPlans(nlohmann::json& json, const security::Redactor& redactor) {
  if (!json.is_structured()) return;
  for (auto& [key, member] : json.items())
    json.is_object() && key == "plan" ? redactor.redactStrings(member) : redactPlans(member, redactor);
}

void withholdFileBytes(nlohmann::json& json) {
  if (!json.is_structured()) return;
  for (auto& [key, member] : json.items()) {
    if (key != "edit" || !member.is_object()) {
      withholdFileBytes(member);
      continue;
    }
    for (const char* side : {"before", "after"}) {
      const auto bytes = base::fromBase64(member.value(side, ""));
      member.erase(side);
      member[std::string(side) + "Sha256"] = bytes ? base::sha256Hex(*bytes) : "";
    }
  }
}

}  // namespace aiops::api
