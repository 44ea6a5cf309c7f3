// Heads of syslog (RFC 3164, RFC 5424) and of container logs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>

#include "parsing/entry.h"

namespace aiops::parsing {
namespace {

/// "<131>": the facility and the severity.
bool takePriority(std::string_view& text, Entry& entry) {
  std::string_view digits;
  auto rest = text;
  if (!take(rest, "<") || !takeUntil(rest, '>', digits) || digits.size() > 3 || !allDigits(digits))
    return false;
  int priority = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), priority);
  if (priority > 191) return false;
  entry.severity = severityFromSyslog(priority & 7);
  entry.add("facility", syslogFacilityName(priority >> 3));
  entry.add("level", syslogSeverityName(priority & 7));
  text = rest;
  return true;
}

/// name="value", with quotes, backslashes and brackets guarded by a backslash.
bool takeParameter(std::string_view& text, Entry& entry) {
  std::string_view name, value;
  auto rest = trimLeft(text);
  if (!takeUntil(rest, '=', name) || name.empty() || name.find_first_of(" ]\"") != std::string_view::npos)
    return false;
  if (!takeQuoted(rest, value)) return false;
  entry.add(name, unescaped(entry, value));
  text = rest;
  return true;
}

/// "[id a="b" c="d"][id2]" or "-". False, and nothing taken, when it is neither.
bool takeStructuredData(std::string_view& text, Entry& entry) {
  auto rest = trimLeft(text);
  if (take(rest, "-") && (rest.empty() || rest.front() == ' ')) {
    text = rest;
    return true;
  }
  const size_t fields = entry.record.fields.size();
  bool any = false;
  while (take(rest, "[")) {
    const size_t end = rest.find_first_of(" ]");
    if (end == std::string_view::npos || end == 0) break;
    rest.remove_prefix(end);
    while (takeParameter(rest, entry)) {
    }
    rest = trimLeft(rest);
    if (!take(rest, "]")) {
      entry.record.fields.resize(fields);
      return false;
    }
    any = true;
  }
  if (any) text = rest;
  return any;
}

/// The program may have blanks in its name when its process id follows: "Setup Assistant[1173]:".
size_t programEnd(std::string_view text) {
  const auto line = text.substr(0, 64);
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ':' || line[i] == '\n') break;
    if (line[i] == '[' && i > 0) {
      const size_t close = line.find(']', i);
      if (close != std::string_view::npos && allDigits(line.substr(i + 1, close - i - 1))) return i;
      break;
    }
  }
  return std::min(line.find_first_of(" [:\t\n"), line.size());
}

struct Tag {
  std::string_view program, pid;
  bool marked = false;  ///< by a process id or a colon: it can hardly be anything else
};

/// "prog[pid]: ", "prog: ", "prog[pid] (unit): ", "prog ".
Tag takeTag(std::string_view& text) {
  text = trimLeft(text);
  Tag tag;
  if (takeBracketed(text, tag.program)) {
    tag.marked = true;
    return tag;
  }
  const size_t end = programEnd(text);
  tag.program = text.substr(0, end);
  text.remove_prefix(end);
  if (auto inside = text; take(inside, "[")) {
    std::string_view pid;
    if (takeUntil(inside, ']', pid) && !pid.empty() && pid.size() < 24 &&
        pid.find(' ') == std::string_view::npos) {
      tag.pid = pid;
      tag.marked = true;
      text = inside;
    }
  }
  if (text.starts_with(" (") && tag.marked) {
    const size_t close = text.find("):");
    if (close != std::string_view::npos) text.remove_prefix(close + 1);
  }
  if (take(text, ":")) tag.marked = true;
  return tag;
}

bool isHostName(std::string_view word) {
  return !word.empty() && word.size() <= 255 && std::all_of(word.begin(), word.end(), [](char c) {
    return isAlnum(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '/';
  });
}

}  // namespace

bool readSyslog5424(Entry& entry) {
  auto rest = entry.text;
  if (!rest.starts_with('<') || !takePriority(rest, entry) || !take(rest, "1 ")) return false;
  const auto stamp = readStamp(rest);
  if (stamp) {
    rest.remove_prefix(stamp->length);
  } else if (!take(rest, "-")) {
    return false;
  }
  entry.time = stamp;
  for (const std::string_view key : {"host", "program", "pid", "message_id"}) {
    const auto word = takeWord(rest);
    if (word.empty()) return false;
    entry.addPresent(key, word);
  }
  takeStructuredData(rest, entry);
  rest = trimLeft(rest);
  take(rest, "\xEF\xBB\xBF");
  readMessage(entry, rest);
  return true;
}

bool readSyslog3164(Entry& entry) {
  auto rest = entry.text;
  const bool priority = rest.starts_with('<') && takePriority(rest, entry);
  const auto stamp = priority ? readStamp(rest) : entry.stamp;
  if (!stamp || stamp->open || rest.front() == '[') return false;
  const bool classic = stamp->style == StampStyle::Syslog;
  const bool precise = stamp->style == StampStyle::Iso && stamp->zone && rest.size() > 10 && rest[10] == 'T';
  if (!classic && !precise && !priority) return false;
  rest.remove_prefix(stamp->length);
  if (!rest.starts_with(' ')) return false;

  auto text = rest;
  const auto host = takeWord(text);
  const bool hostMissing = host.ends_with(':') && host.size() > 1;
  if (hostMissing) {
    text = rest;
  } else if (!isHostName(host) || severityFromWord(host)) {
    return false;
  }
  auto facility = text;
  if (const auto severity = severityFromFacilityWord(takeWord(facility))) {
    entry.severity = *severity;
    text = facility;
  }
  const auto tag = takeTag(text);
  if (tag.program.empty() || (!tag.marked && !priority)) return false;
  if (!classic && !priority && severityFromWord(tag.program)) return false;
  if (!hostMissing) entry.add("host", host);
  entry.add("program", tag.program);
  if (!tag.pid.empty()) entry.add("pid", tag.pid);
  entry.time = stamp;
  readMessage(entry, trimLeft(text));
  return true;
}

/// "2026-11-22T20:35:23.062Z stdout F message": what container runtimes write for Kubernetes.
bool readContainer(Entry& entry) {
  if (!entry.stamp || !entry.stamp->zone) return false;
  auto rest = entry.rest;
  const bool error = rest.starts_with(" stderr ");
  if (!take(rest, " stdout ") && !take(rest, " stderr ")) return false;
  if (!take(rest, "F ") && !take(rest, "P ")) return false;
  entry.add("stream", error ? "stderr" : "stdout");
  entry.time = entry.stamp;
  entry.record.content = rest;
  readMessage(entry, rest);
  return true;
}

}  // namespace aiops::parsing
