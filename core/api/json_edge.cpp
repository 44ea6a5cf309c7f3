// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/json_edge.h"

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

namespace aiops::api {

namespace {

/// Accepts or refuses the events of a parse; builds nothing but the sets of keys of the open objects.
class StrictCheck : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit StrictCheck(size_t maxDepth) : m_maxDepth(maxDepth) {}
  const std::string& problem() const { return m_problem; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    return m_keys.back().insert(name).second || refuse("the key \"" + name + "\" stands twice in one object");
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    return refuse("not JSON from byte " + std::to_string(position));
  }

 private:
  bool open() {
    m_keys.emplace_back();
    return m_keys.size() <= m_maxDepth ||
           refuse("nested deeper than " + std::to_string(m_maxDepth) + " levels");
  }
  bool close() {
    m_keys.pop_back();
    return true;
  }
  bool refuse(std::string problem) {
    m_problem = std::move(problem);
    return false;
  }

  const size_t m_maxDepth;
  std::vector<std::set<std::string>> m_keys;
  std::string m_problem;
};

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
constexpr std::array<std::string_view, 17> kTextMembers = {
    "captures", "cause",  "detail",    "firstSignText", "key",   "message", "note", "output", "problem",
    "reason",   "result", "statement", "text",          "title", "unsure",  "why",  "history"};

void redactAll(nlohmann::json& json, const security::Redactor& redactor) {
  if (json.is_string()) {
    json = redactor.redact(json.get_ref<const std::string&>());
  } else if (json.is_structured()) {
    for (auto& member : json) redactAll(member, redactor);
  }
}

bool holdsData(const std::string& key) {
  return key == "captures" || key == "parameters";
}

}  // namespace

base::Result<nlohmann::json> parseStrict(std::string_view text, size_t maxDepth) {
  StrictCheck check(maxDepth);
  if (!nlohmann::json::sax_parse(text, &check)) {
    return base::fail(base::ErrorCode::InvalidInput, check.problem(), "body");
  }
  auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object()) return base::fail(base::ErrorCode::InvalidInput, "not a JSON object", "body");
  return parsed;
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
    text ? redactAll(member, redactor) : redactTexts(member, redactor);
  }
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
