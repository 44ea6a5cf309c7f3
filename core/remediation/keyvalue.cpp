// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/keyvalue.h"

#include <optional>

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;

bool isBlank(char c) {
  return c == ' ' || c == '\t';
}
bool isWord(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 127 && c != '#' && c != ';';
}

size_t skipBlanks(std::string_view line, size_t at) {
  while (at < line.size() && isBlank(line[at])) ++at;
  return at;
}

/// Where the value's column starts if `line` assigns `key`.
std::optional<size_t> assignment(std::string_view line, std::string_view key) {
  size_t at = skipBlanks(line, 0);
  if (!line.substr(at).starts_with(key)) return std::nullopt;
  at = skipBlanks(line, at + key.size());
  if (at >= line.size() || line[at] != '=') return std::nullopt;
  return skipBlanks(line, at + 1);
}

/// Length of the one word at `at`, or nothing if the rest of the line is anything but a word and a comment.
std::optional<size_t> wordLength(std::string_view line, size_t at) {
  size_t end = at;
  while (end < line.size() && isWord(line[end])) ++end;
  if (end == at) return std::nullopt;
  const size_t rest = skipBlanks(line, end);
  const bool comment = rest < line.size() && rest > end && (line[rest] == '#' || line[rest] == ';');
  if (rest != line.size() && !comment) return std::nullopt;
  return end - at;
}

}  // namespace

base::Result<ValueSpan> findValue(std::string_view bytes, std::string_view key) {
  std::optional<ValueSpan> found;
  size_t start = 0, number = 0;
  while (start < bytes.size()) {
    ++number;
    const size_t newline = bytes.find('\n', start);
    const size_t next = newline == std::string_view::npos ? bytes.size() : newline + 1;
    std::string_view line = bytes.substr(start, (newline == std::string_view::npos ? next : newline) - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto column = assignment(line, key)) {
      const std::string where = "line " + std::to_string(number);
      if (found)
        return fail(ErrorCode::Conflict, "key '" + std::string(key) + "' occurs more than once", where);
      const auto length = wordLength(line, *column);
      if (!length)
        return fail(ErrorCode::InvalidInput, "value of '" + std::string(key) + "' is not one plain word",
                    where);
      found = ValueSpan{start + *column, *length, number};
    }
    start = next;
  }
  if (!found) return fail(ErrorCode::NotFound, "key '" + std::string(key) + "' does not occur");
  return *found;
}

base::Result<std::string> readValue(std::string_view bytes, std::string_view key) {
  const auto span = findValue(bytes, key);
  if (!span) return std::unexpected(span.error());
  return std::string(bytes.substr(span->offset, span->length));
}

base::Result<std::string> replaceValue(std::string_view bytes, std::string_view key, std::string_view value) {
  if (value.empty() || wordLength(value, 0) != value.size()) {
    return fail(ErrorCode::InvalidInput, "new value is not one plain word");
  }
  const auto span = findValue(bytes, key);
  if (!span) return std::unexpected(span.error());
  std::string out(bytes);
  out.replace(span->offset, span->length, value);
  return out;
}

}  // namespace aiops::remediation
