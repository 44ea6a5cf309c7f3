// Formats that are nothing but named fields: JSON lines, logfmt, CEF.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>
#include <span>

#include "parsing/entry.h"
#include "parsing/field_scan.h"

namespace aiops::parsing {
namespace {

// The names that loggers give to the time, the level and the message; the first one present counts.
constexpr std::array<std::string_view, 17> kTimeKeys = {"time",
                                                        "timestamp",
                                                        "ts",
                                                        "@timestamp",
                                                        "@t",
                                                        "datetime",
                                                        "asctime",
                                                        "t",
                                                        "date",
                                                        "eventtime",
                                                        "when",
                                                        "start_time",
                                                        "timestamp_ns",
                                                        "time_local",
                                                        "logged_at",
                                                        "instant",
                                                        "__realtime_timestamp"};
constexpr std::array<std::string_view, 14> kLevelKeys = {
    "level",    "severity",      "lvl", "loglevel",     "log_level",    "log.level", "levelname",
    "priority", "severity_text", "@l",  "severitytext", "fields.level", "l",         "s"};
constexpr std::array<std::string_view, 15> kMessageKeys = {"msg",
                                                           "message",
                                                           "body",
                                                           "log",
                                                           "event",
                                                           "text",
                                                           "@m",
                                                           "@mt",
                                                           "short_message",
                                                           "fields.message",
                                                           "log.message",
                                                           "error.message",
                                                           "error",
                                                           "err",
                                                           "body.stringvalue"};

std::string_view firstOf(const model::LogRecord& record, std::span<const std::string_view> keys) {
  for (const auto key : keys) {
    for (const auto& [name, value] : record.fields) {
      if (!value.empty() && equalIgnoringCase(name, key)) return value;
    }
  }
  return {};
}

void takeTime(Entry& entry) {
  for (const auto key : kTimeKeys) {
    for (const auto& [name, value] : entry.record.fields) {
      if (value.empty() || !equalIgnoringCase(name, key)) continue;
      entry.time = readStamp(value);
      if (!entry.time) entry.instant = timeFromEpoch(value);
      if (entry.time || entry.instant) return;
    }
  }
}

bool takeLevelField(Entry& entry) {
  for (const auto key : kLevelKeys) {
    for (const auto& [name, value] : entry.record.fields) {
      if (!equalIgnoringCase(name, key)) continue;
      if (const auto severity = severityFromValue(value)) {
        entry.severity = *severity;
        return true;
      }
    }
  }
  return false;
}

/// Time, level and message from the fields.
void takeMeaning(Entry& entry) {
  takeTime(entry);
  const bool leveled = takeLevelField(entry);
  const auto message = firstOf(entry.record, kMessageKeys);
  if (message.empty()) return;
  entry.message = trimRight(message);
  if (const auto level = leveled ? std::nullopt : findLevel(*entry.message, true))
    entry.severity = level->severity;
}

bool isLogfmtKey(std::string_view key) {
  if (key.empty() || key.size() > 64 || isDigit(key.front())) return false;
  return std::all_of(key.begin(), key.end(), [](char c) {
    return isAlnum(c) || c == '_' || c == '.' || c == '-' || c == '@' || c == '/';
  });
}

/// One key=value; a bare word is passed over and told by `key` being all of it.
bool takePair(std::string_view& text, std::string_view& key, std::string_view& value) {
  text = trimLeft(text);
  const size_t end = text.find_first_of("= \t\n");
  key = text.substr(0, std::min(end, text.size()));
  value = {};
  text.remove_prefix(key.size());
  if (!take(text, "=")) return false;
  if (text.starts_with('"')) return takeQuoted(text, value);
  const size_t stop = std::min(text.find_first_of(" \t\n"), text.size());
  value = text.substr(0, stop);
  text.remove_prefix(stop);
  return true;
}

/// The end of a CEF value: before the last word in front of the next "=".
size_t cefValueEnd(std::string_view text) {
  for (size_t at = 0; (at = text.find('=', at)) != std::string_view::npos; ++at) {
    if (at > 0 && text[at - 1] == '\\') continue;
    const size_t blank = text.rfind(' ', at);
    if (blank == std::string_view::npos) continue;
    const auto key = text.substr(blank + 1, at - blank - 1);
    if (!key.empty() &&
        std::all_of(key.begin(), key.end(), [](char c) { return isAlnum(c) || c == '_' || c == '.'; }))
      return blank;
  }
  return text.size();
}

std::optional<model::Severity> cefSeverity(std::string_view value) {
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    if (equalIgnoringCase(value, "very-high")) return model::Severity::Critical;
    if (equalIgnoringCase(value, "high")) return model::Severity::Error;
    if (equalIgnoringCase(value, "medium")) return model::Severity::Warning;
    return std::nullopt;
  }
  if (number >= 9) return model::Severity::Critical;
  if (number >= 7) return model::Severity::Error;
  return number >= 4 ? model::Severity::Warning : model::Severity::Info;
}

/// Up to the next '|' that no backslash guards.
bool takeCefHeader(std::string_view& text, std::string_view& value) {
  size_t end = 0;
  while (end < text.size() && text[end] != '|') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) return false;
  value = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

}  // namespace

std::string_view unescaped(Entry& entry, std::string_view quoted) {
  if (quoted.find('\\') == std::string_view::npos) return quoted;
  std::string out;
  for (size_t i = 0; i < quoted.size(); ++i) {
    const bool guard = quoted[i] == '\\' && i + 1 < quoted.size();
    if (guard && std::string_view("\"\\]=|").contains(quoted[i + 1])) ++i;
    out += quoted[i];
  }
  return entry.keep(std::move(out));
}

bool readJson(Entry& entry) {
  const auto text = trimLeft(entry.text);  // up to the end of the entry
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  if (!entry.json.parse(text, entry.maxJsonDepth, entry.maxFields, entry.scratch, entry.record.fields))
    return false;
  if (takeJournal(entry)) return true;
  takeMeaning(entry);
  // Docker's wrapping of what a container wrote.
  if (text.starts_with("{\"log\":") && entry.message && !entry.record.field("stream").empty())
    entry.record.content = *entry.message;
  return true;
}

bool readLogfmt(Entry& entry) {
  if (!isAlpha(entry.text.empty() ? ' ' : entry.text.front())) return false;
  auto rest = firstLine(entry.text);
  const auto begin = rest.substr(0, rest.find_first_of("= \t\""));
  if (begin.size() == rest.size() || rest[begin.size()] != '=' || !isLogfmtKey(begin)) return false;
  size_t pairs = 0, bare = 0;
  while (!trimRight(rest).empty()) {
    std::string_view key, value;
    if (takePair(rest, key, value)) {
      if (!isLogfmtKey(key)) return false;
      entry.add(key, unescaped(entry, value));
      ++pairs;
    } else {
      if (key.empty()) return false;
      ++bare;
    }
  }
  if (pairs < 2 || bare > pairs) return false;
  takeMeaning(entry);
  return true;
}

bool readCef(Entry& entry) {
  auto rest = entry.text;
  if (!take(rest, "CEF:")) return false;
  std::string_view severity;
  for (const std::string_view key : {"cefVersion", "deviceVendor", "deviceProduct", "deviceVersion",
                                     "deviceEventClassId", "name", "severity"}) {
    if (!takeCefHeader(rest, severity)) return false;
    entry.add(key, unescaped(entry, severity));
    if (key == "name")
      entry.message = entry.record.fields.empty() ? severity : entry.record.fields.back().second;
  }
  if (trimRight(rest).empty()) return false;
  entry.severity = cefSeverity(severity);
  rest = trimRight(rest);
  while (!(rest = trimLeft(rest)).empty()) {
    std::string_view key;
    if (!takeUntil(rest, '=', key) || key.empty() || key.find(' ') != std::string_view::npos) return false;
    const auto value = rest.substr(0, cefValueEnd(rest));
    entry.add(key, unescaped(entry, value));
    rest.remove_prefix(value.size());
    if (key == "rt") entry.instant = timeFromEpoch(value);
  }
  return true;
}

}  // namespace aiops::parsing
