// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/strict_json.h"

#include <set>
#include <vector>

#include <nlohmann/json.hpp>

namespace aiops::model {

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

}  // namespace

base::Result<nlohmann::json> parseStrictJson(std::string_view text, const std::string& where,
                                             const JsonLimits& limits) {
  using base::ErrorCode;
  if (text.size() > limits.bytes) {
    return base::fail(ErrorCode::LimitExceeded, "longer than " + std::to_string(limits.bytes) + " bytes",
                      where);
  }
  StrictCheck check(limits.depth);
  if (!nlohmann::json::sax_parse(text, &check)) {
    return base::fail(ErrorCode::InvalidInput, check.problem(), where);
  }
  auto parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object()) return base::fail(ErrorCode::InvalidInput, "not a JSON object", where);
  return parsed;
}

}  // namespace aiops::model
