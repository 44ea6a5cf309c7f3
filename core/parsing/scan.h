// Small steps over text. Internal to parsing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string_view>

namespace aiops::parsing {

constexpr bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool isAlpha(char c) {
  return isUpper(c) || (c >= 'a' && c <= 'z');
}
constexpr bool isAlnum(char c) {
  return isAlpha(c) || isDigit(c);
}
constexpr bool isBlank(char c) {
  return c == ' ' || c == '\t';
}
constexpr char lower(char c) {
  return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equalIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

inline bool allDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

inline std::string_view trimLeft(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  return text;
}

inline std::string_view trimRight(std::string_view text) {
  while (!text.empty() && (isBlank(text.back()) || text.back() == '\r' || text.back() == '\n'))
    text.remove_suffix(1);
  return text;
}

/// Takes `prefix` off `text`.
inline bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes the next word off `text`, with the blanks before it.
inline std::string_view takeWord(std::string_view& text) {
  text = trimLeft(text);
  const size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

/// Takes a number off `text`; empty if it does not begin with a digit.
inline std::string_view takeDigits(std::string_view& text) {
  size_t end = 0;
  while (end < text.size() && isDigit(text[end])) ++end;
  const auto digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

/// Takes the text up to `end`, and `end` itself; false, and nothing taken, when it does not come.
inline bool takeUntil(std::string_view& text, char end, std::string_view& taken) {
  const size_t at = text.find(end);
  if (at == std::string_view::npos) return false;
  taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return true;
}

/// Takes a part in brackets ("[main]") off `text`, with the blanks before it, without the brackets.
inline bool takeBracketed(std::string_view& text, std::string_view& inside) {
  auto rest = trimLeft(text);
  if (!take(rest, "[") || !takeUntil(rest, ']', inside)) return false;
  text = rest;
  return true;
}

/// Takes a "quoted part" off `text`, with the blanks before it, without its quotes; a backslash guards the
/// next byte. False, and nothing taken, when there is none.
inline bool takeQuoted(std::string_view& text, std::string_view& quoted) {
  const auto rest = trimLeft(text);
  if (rest.empty() || rest.front() != '"') return false;
  size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return false;
  quoted = rest.substr(1, end - 1);
  text = rest.substr(end + 1);
  return true;
}

inline std::string_view firstLine(std::string_view text) {
  return text.substr(0, std::min(text.find('\n'), text.size()));
}

}  // namespace aiops::parsing
