// The text of a setting as a value of its type.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "base/ascii.h"
#include "base/bytes.h"
#include "config/checks.h"
#include "config/setting_table.h"

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::Result;
using Type = model::SettingType;

namespace {

constexpr size_t kLongestValue = 4096, kLongestShown = 80;

/// "1.5" and "300", never "1.500000".
std::string numberText(double value) {
  char text[64];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  return error == std::errc() ? std::string(text, end) : std::string();
}

/// Plain decimal notation, the whole text.
std::optional<double> wholeNumber(const std::string& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// The value as an error may repeat it: not a secret, not the user part of a URL, not a page of text.
std::string shown(const SettingRow& row, const std::string& text) {
  if (row.isSecret()) return "the value";
  if (text.find('@') != std::string::npos && text.find("://") != std::string::npos) return "the value";
  if (text.size() <= kLongestShown) return "'" + base::toValidUtf8(text) + "'";
  return "'" + base::toValidUtf8(text.substr(0, kLongestShown)) + "...'";
}

bool isPlainText(const std::string& text) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return text.size() <= kLongestValue && std::ranges::none_of(text, control) &&
         base::toValidUtf8(text) == text;
}

std::optional<ParsedValue> parseSwitch(const std::string& text) {
  const std::string word = base::asciiLower(text);
  for (const char* yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return ParsedValue{.text = "true", .on = true};
  }
  for (const char* no : {"false", "no", "off", "0"}) {
    if (word == no) return ParsedValue{.text = "false"};
  }
  return std::nullopt;
}

std::optional<ParsedValue> parseNumber(const SettingRow& row, const std::string& text) {
  const auto number = wholeNumber(text);
  const bool whole = number && (row.type != Type::Integer || *number == std::floor(*number));
  if (!whole || *number < row.least || *number > row.most) return std::nullopt;
  return ParsedValue{.text = text, .number = *number};
}

std::optional<ParsedValue> parseDuration(const SettingRow& row, const std::string& text) {
  const auto time = parseTime(text, static_cast<uint32_t>(row.most));
  if (!time || static_cast<double>(time->count()) < row.least) return std::nullopt;
  return ParsedValue{.text = text, .number = static_cast<double>(time->count())};
}

std::optional<ParsedValue> parseChoice(const SettingRow& row, const std::string& text) {
  const auto choices = choicesOf(row);
  const auto found = std::ranges::find(choices, base::asciiLower(text));
  if (found == choices.end()) return std::nullopt;
  return ParsedValue{.text = *found, .choice = static_cast<size_t>(found - choices.begin())};
}

std::optional<ParsedValue> parseAs(const SettingRow& row, const std::string& text) {
  switch (row.type) {
    case Type::Switch:
      return parseSwitch(text);
    case Type::Number:
    case Type::Integer:
      return parseNumber(row, text);
    case Type::Duration:
      return parseDuration(row, text);
    case Type::Choice:
      return parseChoice(row, text);
    case Type::Path:
      return text.empty() || !wrongPath(text) ? std::optional(ParsedValue{.text = text}) : std::nullopt;
    default:
      return ParsedValue{.text = text};
  }
}

/// How many letters must be put in, taken out or changed.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> choicesOf(const SettingRow& row) {
  std::vector<std::string> choices;
  const std::string all = row.choices;
  for (size_t from = 0; from < all.size();) {
    const size_t comma = std::min(all.find(", ", from), all.size());
    choices.push_back(all.substr(from, comma - from));
    from = comma + 2;
  }
  return choices;
}

std::string allowedFor(const SettingRow& row) {
  if (*row.allowed != '\0') return row.allowed;
  switch (row.type) {
    case Type::Choice:
      return row.choices;
    case Type::Switch:
      return "true, false";
    case Type::Integer:
    case Type::Number:
      return numberText(row.least) + " to " + numberText(row.most);
    case Type::Path:
      return "an absolute path";
    default:
      return "text";
  }
}

Result<ParsedValue> parseValue(const SettingRow& row, const std::string& text, const std::string& where) {
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorCode::InvalidInput, what, where, "allowed: " + allowedFor(row));
  };
  if (row.type == Type::List) return wrong("'" + std::string(row.key) + "' is a list");
  if (!isPlainText(text)) return wrong("the value of '" + std::string(row.key) + "' is no plain text");
  const auto parsed = parseAs(row, text);
  if (!parsed) return wrong(shown(row, text) + " is not allowed for '" + row.key + "'");
  if (row.check != nullptr) {
    if (const auto allowed = row.check(text)) {
      return fail(ErrorCode::InvalidInput, shown(row, text) + " is not allowed for '" + row.key + "'", where,
                  *allowed);
    }
  }
  return *parsed;
}

std::string didYouMean(const std::string& name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  size_t nearest = std::max<size_t>(2, name.size() / 4) + 1;
  for (const auto& candidate : known) {
    const size_t away = name.size() > 256 ? nearest : distance(name, candidate);
    if (away < nearest) {
      nearest = away;
      best = &candidate;
    }
  }
  return best == nullptr ? std::string() : ", did you mean '" + *best + "'?";
}

}  // namespace aiops::config
