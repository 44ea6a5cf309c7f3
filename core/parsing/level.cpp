// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/level.h"

#include <array>
#include <charconv>
#include <utility>

#include "parsing/scan.h"

namespace aiops::parsing {
namespace {

using model::Severity;

constexpr size_t kHeadWords = 8;
constexpr size_t kHeadBytes = 256;

constexpr std::array<std::pair<std::string_view, Severity>, 53> kWords = {{
    {"trace", Severity::Debug},   {"debug", Severity::Debug},        {"verbose", Severity::Debug},
    {"fine", Severity::Debug},    {"finer", Severity::Debug},        {"finest", Severity::Debug},
    {"dbg", Severity::Debug},     {"debu", Severity::Debug},         {"dbug", Severity::Debug},
    {"trc", Severity::Debug},     {"trce", Severity::Debug},         {"trac", Severity::Debug},
    {"debug1", Severity::Debug},  {"debug2", Severity::Debug},       {"debug3", Severity::Debug},
    {"debug4", Severity::Debug},  {"debug5", Severity::Debug},       {"info", Severity::Info},
    {"inf", Severity::Info},      {"information", Severity::Info},   {"notice", Severity::Info},
    {"note", Severity::Info},     {"log", Severity::Info},           {"config", Severity::Info},
    {"system", Severity::Info},   {"notification", Severity::Info},  {"ntc", Severity::Info},
    {"warn", Severity::Warning},  {"warning", Severity::Warning},    {"wrn", Severity::Warning},
    {"wan", Severity::Warning},   {"err", Severity::Error},          {"error", Severity::Error},
    {"erro", Severity::Error},    {"eror", Severity::Error},         {"errors", Severity::Error},
    {"severe", Severity::Error},  {"fail", Severity::Error},         {"failure", Severity::Error},
    {"crit", Severity::Critical}, {"critical", Severity::Critical},  {"fatal", Severity::Critical},
    {"fata", Severity::Critical}, {"ftl", Severity::Critical},       {"emerg", Severity::Critical},
    {"emrg", Severity::Critical}, {"emergency", Severity::Critical}, {"alert", Severity::Critical},
    {"alrt", Severity::Critical}, {"panic", Severity::Critical},     {"pani", Severity::Critical},
    {"pnc", Severity::Critical},  {"crt", Severity::Critical},
}};

/// They begin sentences too: in front of a message they count only when they are marked.
constexpr std::array<std::string_view, 10> kOrdinaryWords = {
    "fine", "log", "note", "config", "system", "fail", "failure", "errors", "alert", "notification"};

constexpr std::array<std::string_view, 8> kSyslogSeverities = {"emerg",   "alert",  "crit", "err",
                                                               "warning", "notice", "info", "debug"};
constexpr std::array<std::string_view, 24> kSyslogFacilities = {
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};

bool allUpper(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return isUpper(c) || isDigit(c); });
}

bool isOrdinary(std::string_view word) {
  return std::any_of(kOrdinaryWords.begin(), kOrdinaryWords.end(),
                     [&](std::string_view known) { return equalIgnoringCase(word, known); });
}

std::string_view bare(std::string_view word) {
  constexpr std::string_view kOpen = "[<(|*", kClose = "]>):|,*";
  while (!word.empty() && kOpen.contains(word.front())) word.remove_prefix(1);
  while (!word.empty() && kClose.contains(word.back())) word.remove_suffix(1);
  return word;
}

/// "ERROR", "[error]" and "error:", but not "Error".
bool isMarked(std::string_view word) {
  return word.back() == ':' || word.back() == ']' || word.back() == '|' || allUpper(bare(word));
}

/// A run of letters inside a word of several parts, such as "local.ERROR:" or "[core:error]".
std::optional<FoundLevel> levelInside(std::string_view word) {
  const bool bracket = word.front() == '[';
  for (size_t begin = 0; begin < word.size();) {
    if (!isAlnum(word[begin])) {
      ++begin;
      continue;
    }
    size_t end = begin;
    while (end < word.size() && isAlnum(word[end])) ++end;
    auto run = word.substr(begin, end - begin);
    const char after = end < word.size() ? word[end] : ' ';
    size_t digits = 0;  // "5LOG:": a number may touch a level in capitals
    while (digits < run.size() && isDigit(run[digits])) ++digits;
    if (after == ':') run.remove_prefix(digits);
    const bool joined = begin > 0 && (word[begin - 1] == '_' || word[begin - 1] == '-');
    const bool closed =
        !joined && (after == ':' || after == ']' || after == ')' || after == ' ' || after == '|');
    const bool leads = begin == 0 && (after == '/' || closed);
    const bool edge = bracket && (begin == 1 || after == ']') && (closed || after == '/');
    if ((leads || edge || closed) && !run.empty() && (edge || allUpper(run))) {
      if (const auto severity = severityFromWord(run)) return FoundLevel{*severity, begin, end};
    }
    begin = end;
  }
  return std::nullopt;
}

/// Behind the level: the rest of its word is passed when it only closes ("]:"), else it begins the message.
size_t messageAfter(std::string_view text, size_t end) {
  while (end < text.size() && std::string_view("]>)|:,").contains(text[end])) ++end;
  const auto rest = text.substr(end);
  return end + (rest.size() - skipSeparators(rest).size());
}

bool isNumber(std::string_view word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return isDigit(c) || c == '.'; });
}

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Severity> severityFromWord(std::string_view word) {
  word = bare(word);
  if (word.size() < 3 || word.size() > 12) return std::nullopt;
  const char first = lower(word.front());
  for (const auto& [text, severity] : kWords) {
    if (text.front() == first && equalIgnoringCase(word, text)) return severity;
  }
  return std::nullopt;
}

std::optional<Severity> severityFromValue(std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (const auto severity = severityFromWord(value)) return severity;
  if (value.size() == 1 && isAlpha(value.front())) return severityFromLetter(value.front());
  const auto number = integer(value);
  if (!number || *number < 0) return std::nullopt;
  if (*number <= 7) return severityFromSyslog(*number);
  if (*number < 10 || *number > 69) return std::nullopt;
  constexpr std::array kTens = {Severity::Debug,   Severity::Debug, Severity::Info,
                                Severity::Warning, Severity::Error, Severity::Critical};
  return kTens[static_cast<size_t>(*number / 10 - 1)];
}

std::optional<Severity> severityFromLetter(char letter) {
  switch (letter) {
    case 'V':
    case 'T':
    case 'D':
      return Severity::Debug;
    case 'I':
    case 'N':
      return Severity::Info;
    case 'W':
      return Severity::Warning;
    case 'E':
      return Severity::Error;
    case 'C':
    case 'F':
      return Severity::Critical;
    default:
      return std::nullopt;
  }
}

std::string_view syslogSeverityName(int severity) {
  return kSyslogSeverities[static_cast<size_t>(severity & 7)];
}

std::string_view syslogFacilityName(int facility) {
  const auto index = static_cast<size_t>(facility);
  return index < kSyslogFacilities.size() ? kSyslogFacilities[index] : std::string_view();
}

Severity severityFromSyslog(int severity) {
  if (severity <= 2) return Severity::Critical;
  if (severity == 3) return Severity::Error;
  if (severity == 4) return Severity::Warning;
  return severity == 7 ? Severity::Debug : Severity::Info;
}

std::optional<Severity> severityFromFacilityWord(std::string_view word) {
  const size_t dot = word.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto known = std::find(kSyslogFacilities.begin(), kSyslogFacilities.end(), word.substr(0, dot));
  return known == kSyslogFacilities.end() ? std::nullopt : severityFromWord(word.substr(dot + 1));
}

bool looksLikeHead(std::string_view word) {
  if (word.front() == '[' || word.back() == ']' || word.back() == ':') return true;
  if (std::none_of(word.begin(), word.end(), isAlpha)) return true;
  return std::any_of(word.begin(), word.end(), [](char c) {
    return isDigit(c) || c == '.' || c == '/' || c == '=' || c == '@' || c == '_' || c == '|' || c == '#' ||
           c == '$' || c == ']';
  });
}

std::string_view skipSeparators(std::string_view text) {
  for (;;) {
    text = trimLeft(text);
    const bool separator =
        text.starts_with("- ") || text.starts_with("| ") || text.starts_with(": ") || text.starts_with("-- ");
    if (!separator) return text;
    text.remove_prefix(text.find(' '));
  }
}

std::optional<FoundLevel> findLevel(std::string_view text, bool strict) {
  auto rest = text.substr(0, kHeadBytes);
  size_t ordinary = 0;
  bool numbersOnly = true;
  size_t numbers = 0;  // in a row, such as process and thread
  bool open = false;   // inside of brackets that hold several words
  for (size_t i = 0; i < kHeadWords; ++i) {
    const auto word = takeWord(rest);
    if (word.empty() || ordinary > 1) return std::nullopt;
    const auto at = static_cast<size_t>(word.data() - text.data());
    if (word.size() <= 64) {
      const auto severity = severityFromWord(word);
      const bool marked = severity && isMarked(word);
      if (severity && (marked || (!strict && i == 0 && !isOrdinary(word))))
        return FoundLevel{*severity, at, messageAfter(text, at + word.size())};
      if (auto inside = levelInside(word)) {
        inside->begin = at;
        inside->end = messageAfter(text, at + inside->end);
        return inside;
      }
    }
    const bool letter = word.size() == 1 || (word.size() > 2 && word[1] == '/' && isAlpha(word[2]));
    if (letter && (numbersOnly || numbers > 1) && !strict) {
      if (const auto severity = severityFromLetter(word.front()))
        return FoundLevel{*severity, at, messageAfter(text, at + 1 + (word.size() > 1))};
    }
    if (strict && word.front() != '[' && !open) return std::nullopt;
    numbersOnly = numbersOnly && isNumber(word);
    numbers = isNumber(word) ? numbers + 1 : 0;
    if (word.front() == '[') open = true;
    if (word.back() == ']' || word.ends_with("]:"))
      open = false;
    else if (!open && !looksLikeHead(word))
      ++ordinary;
  }
  return std::nullopt;
}

}  // namespace aiops::parsing
