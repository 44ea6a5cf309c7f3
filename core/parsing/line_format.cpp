// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/line_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsing/timestamp.h"

namespace aiops::parsing {
namespace {

constexpr std::string_view kBlank = " \t";

constexpr std::array<std::string_view, 5> kContinuationStarts = {
    "at ", "Caused by:", "Suppressed:", "Traceback (", "... "};

using model::Severity;
constexpr std::array<std::pair<std::string_view, Severity>, 23> kSeverityWords = {{
    {"trace", Severity::Debug},      {"debug", Severity::Debug},    {"verbose", Severity::Debug},
    {"fine", Severity::Debug},       {"dbg", Severity::Debug},      {"info", Severity::Info},
    {"information", Severity::Info}, {"inf", Severity::Info},       {"notice", Severity::Info},
    {"log", Severity::Info},         {"warn", Severity::Warning},   {"warning", Severity::Warning},
    {"wrn", Severity::Warning},      {"err", Severity::Error},      {"error", Severity::Error},
    {"severe", Severity::Error},     {"crit", Severity::Critical},  {"critical", Severity::Critical},
    {"fatal", Severity::Critical},   {"emerg", Severity::Critical}, {"emergency", Severity::Critical},
    {"alert", Severity::Critical},   {"panic", Severity::Critical},
}};

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equalIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

/// "host ident user [22/Nov/2026:..": the stamp comes after three words, within a sane distance.
bool looksLikeAccess(std::string_view line) {
  size_t at = 0;
  for (int word = 0; word < 3; ++word) {
    at = line.substr(0, 512).find(' ', at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  const auto stamp = readStamp(line.substr(at, 40));
  return line.size() > at && line[at] == '[' && stamp && stamp->zone &&
         line.substr(at + stamp->length, 2) == " \"";
}

}  // namespace

LineFormat detectFormat(std::string_view line) {
  const auto start = line.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return LineFormat::Plain;
  if (line[start] == '{' && line.back() == '}') return LineFormat::Json;
  if (readStamp(line)) return LineFormat::Text;
  return looksLikeAccess(line) ? LineFormat::Access : LineFormat::Plain;
}

bool isContinuation(std::string_view line) {
  if (line.empty()) return false;
  if (line.front() == ' ' || line.front() == '\t') {
    const auto start = line.find_first_not_of(kBlank);
    if (start == std::string_view::npos) return false;
    return line[start] != '{' && !readStamp(line.substr(start));
  }
  return std::any_of(kContinuationStarts.begin(), kContinuationStarts.end(),
                     [&](std::string_view word) { return line.starts_with(word); });
}

std::optional<model::Severity> severityFromWord(std::string_view word) {
  while (!word.empty() && (word.front() == '[' || word.front() == '<' || word.front() == '('))
    word.remove_prefix(1);
  while (!word.empty() &&
         (word.back() == ']' || word.back() == '>' || word.back() == ')' || word.back() == ':')) {
    word.remove_suffix(1);
  }
  for (const auto& [text, severity] : kSeverityWords) {
    if (equalIgnoringCase(word, text)) return severity;
  }
  return std::nullopt;
}

}  // namespace aiops::parsing
