// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/options.h"

#include <charconv>

#include "app/demo/service/text.h"

namespace aiops::demo {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<Options> Options::parse(const std::vector<std::string>& arguments,
                               const std::set<std::string>& known) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (!word.starts_with("--")) {
      options.m_words.push_back(word);
      continue;
    }
    if (!known.contains(word)) return fail(ErrorCode::InvalidInput, "unknown option", word);
    if (i + 1 == arguments.size()) return fail(ErrorCode::InvalidInput, "option needs a value", word);
    options.m_values[word] = arguments[++i];
  }
  return options;
}

std::string Options::text(const std::string& name) const {
  const auto it = m_values.find(name);
  return it == m_values.end() ? std::string() : it->second;
}

Result<std::string> Options::required(const std::string& name) const {
  std::string value = text(name);
  if (value.empty()) return fail(ErrorCode::InvalidInput, "option is missing", name);
  return value;
}

Result<long> Options::number(const std::string& name, long low, long high, long fallback) const {
  return has(name) ? requiredNumber(name, low, high) : Result<long>(fallback);
}

Result<long> Options::requiredNumber(const std::string& name, long low, long high) const {
  const auto value = required(name);
  if (!value) return std::unexpected(value.error());
  return parseNumber(*value, low, high, name);
}

Result<long> parseNumber(const std::string& text, long low, long high, const std::string& where) {
  long value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < low || value > high) {
    return fail(ErrorCode::InvalidInput,
                concat("'", text, "' is not a whole number from ", low, " to ", high), where);
  }
  return value;
}

}  // namespace aiops::demo
