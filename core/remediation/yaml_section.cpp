// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/yaml_section.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace aiops::remediation {
namespace {

/// Only plain and quoted scalars: an explicit tag could ask for another type.
std::string scalar(const YAML::Node& node, const std::string& file, const std::string& what) {
  if (!node.IsScalar()) schemaFail(node, file, what + " must be a single value");
  const std::string tag = node.Tag();
  if (!tag.empty() && tag != "?" && tag != "!")
    schemaFail(node, file, what + " carries a tag, which is not allowed");
  return node.Scalar();
}

std::optional<int64_t> toInteger(const std::string& text) {
  int64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::optional<std::chrono::milliseconds> toDuration(const std::string& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto value = toInteger(text.substr(0, digits));
  if (!value || *value > 86'400'000) return std::nullopt;
  const std::string unit = text.substr(digits);
  if (unit == "ms") return std::chrono::milliseconds(*value);
  if (unit == "s") return std::chrono::milliseconds(*value * 1000);
  if (unit == "min") return std::chrono::milliseconds(*value * 60'000);
  return std::nullopt;
}

}  // namespace

void schemaFail(const YAML::Node& node, const std::string& file, const std::string& what) {
  const YAML::Mark mark = node.Mark();
  const std::string where = mark.is_null() ? file : file + ':' + std::to_string(mark.line + 1);
  throw SchemaError{base::Error{base::ErrorCode::InvalidInput, what, where, {}}};
}

YamlSection::YamlSection(const YAML::Node& node, std::string file, std::string name)
    : m_node(node), m_file(std::move(file)), m_name(std::move(name)) {
  if (!m_node.IsMap()) schemaFail(m_node, m_file, m_name + " must be a mapping");
  for (const auto& entry : m_node) {
    const std::string key = scalar(entry.first, m_file, "a key of " + m_name);
    if (has(key)) schemaFail(entry.first, m_file, "key '" + key + "' of " + m_name + " is given twice");
    m_keys.push_back(key);
  }
}

void YamlSection::allowOnly(const std::vector<std::string>& known) const {
  for (const auto& entry : m_node) {
    const std::string key = entry.first.Scalar();
    if (std::ranges::find(known, key) == known.end()) {
      schemaFail(entry.first, m_file, "unknown key '" + key + "' in " + m_name);
    }
  }
}

bool YamlSection::has(const std::string& key) const {
  return std::ranges::find(m_keys, key) != m_keys.end();
}

YAML::Node YamlSection::node(const std::string& key) const {
  if (!has(key)) schemaFail(m_node, m_file, m_name + " lacks '" + key + "'");
  const YAML::Node& map = m_node;  // operator[] of a mutable node would add the key
  return map[key];
}

std::string YamlSection::text(const std::string& key) const {
  const YAML::Node value = node(key);
  std::string text = scalar(value, m_file, "'" + key + "' of " + m_name);
  if (text.empty()) schemaFail(value, m_file, "'" + key + "' of " + m_name + " is empty");
  return text;
}

std::string YamlSection::textOr(const std::string& key, std::string fallback) const {
  return has(key) ? text(key) : std::move(fallback);
}

bool YamlSection::flagOr(const std::string& key, bool fallback) const {
  if (!has(key)) return fallback;
  const std::string value = text(key);
  if (value == "true") return true;
  if (value == "false") return false;
  schemaFail(node(key), m_file, "'" + key + "' of " + m_name + " must be true or false");
}

int64_t YamlSection::integer(const std::string& key) const {
  const auto value = toInteger(text(key));
  if (!value) schemaFail(node(key), m_file, "'" + key + "' of " + m_name + " must be a whole number");
  return *value;
}

int64_t YamlSection::integerOr(const std::string& key, int64_t fallback) const {
  return has(key) ? integer(key) : fallback;
}

double YamlSection::number(const std::string& key) const {
  const std::string value = text(key);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number)) {
    schemaFail(node(key), m_file, "'" + key + "' of " + m_name + " must be a number");
  }
  return number;
}

std::chrono::milliseconds YamlSection::durationOr(const std::string& key,
                                                  std::chrono::milliseconds fallback) const {
  if (!has(key)) return fallback;
  const auto value = toDuration(text(key));
  if (!value)
    schemaFail(node(key), m_file,
               "'" + key + "' of " + m_name + " must be a time up to a day, for example 2s or 500ms");
  return *value;
}

std::vector<std::string> YamlSection::texts(const std::string& key) const {
  std::vector<std::string> out;
  if (!has(key)) return out;
  const YAML::Node value = node(key);
  if (!value.IsSequence()) schemaFail(value, m_file, "'" + key + "' of " + m_name + " must be a list");
  for (const auto& item : value) {
    out.push_back(scalar(item, m_file, "an item of '" + key + "'"));
    if (out.back().empty()) schemaFail(item, m_file, "an item of '" + key + "' is empty");
  }
  return out;
}

std::vector<YAML::Node> YamlSection::list(const std::string& key) const {
  const YAML::Node value = node(key);
  if (!value.IsSequence() || value.size() == 0) {
    schemaFail(value, m_file, "'" + key + "' of " + m_name + " must be a list with at least one item");
  }
  return {value.begin(), value.end()};
}

}  // namespace aiops::remediation
