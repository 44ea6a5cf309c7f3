// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/field_scan.h"

#include <algorithm>

namespace aiops::parsing {
namespace {

constexpr size_t kMaxKey = 64;

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isKeyChar(char c) {
  return isLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}
bool opensKey(char c) {
  return c == ' ' || c == '\t' || c == '(' || c == '[' || c == '{' || c == ',' || c == ';';
}

/// The key that ends before `equals`, or empty.
std::string_view keyBefore(std::string_view text, size_t equals) {
  size_t start = equals;
  const size_t least = equals > kMaxKey ? equals - kMaxKey : 0;
  while (start > least && isKeyChar(text[start - 1])) --start;
  if (start == equals || !isLetter(text[start])) return {};
  if (start > 0 && !opensKey(text[start - 1])) return {};
  return text.substr(start, equals - start);
}

struct Value {
  std::string_view text;
  size_t end = 0;
};

Value valueAt(std::string_view text, size_t start) {
  if (start < text.size() && text[start] == '"') {
    const size_t close = text.find('"', start + 1);
    if (close != std::string_view::npos) return {text.substr(start + 1, close - start - 1), close + 1};
  }
  const size_t end = std::min(text.find_first_of(" \t\r\n,;)]}", start), text.size());
  return {text.substr(start, end - start), end};
}

}  // namespace

void scanFields(std::string_view text, size_t maxFields, Fields& fields) {
  size_t at = 0;
  while (fields.size() < maxFields) {
    const size_t equals = text.find('=', at);
    if (equals == std::string_view::npos) return;
    at = equals + 1;
    const auto key = keyBefore(text, equals);
    if (key.empty() || (at < text.size() && text[at] == '=')) continue;
    const auto value = valueAt(text, at);
    at = std::max(at, value.end);
    if (!value.text.empty()) fields.emplace_back(key, value.text);
  }
}

}  // namespace aiops::parsing
