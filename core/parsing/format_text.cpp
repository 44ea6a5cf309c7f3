// Text of programs: klog, Python, Java, and lines that merely have a time stamp or nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "parsing/entry.h"
#include "parsing/field_scan.h"

namespace aiops::parsing {
namespace {

using model::Severity;

constexpr size_t kStampWithin = 160;  // bytes of a line in whose head a time stamp may stand

bool isName(std::string_view word) {
  return !word.empty() && word.size() <= 128 && std::all_of(word.begin(), word.end(), [](char c) {
    return isAlnum(c) || c == '.' || c == '_' || c == '$' || c == '#' || c == '/' || c == '-' || c == '*';
  });
}

void scanMessage(Entry& entry) {
  scanFields(*entry.message, entry.maxFields, entry.record.fields);
}

void levelFromPairs(Entry& entry) {
  for (const std::string_view key : {"level", "severity", "lvl", "loglevel"}) {
    if (const auto severity = severityFromWord(entry.record.field(key))) entry.severity = *severity;
  }
}

/// An object at the end of the message: "... {"user_id": 7}".
void scanTrailingObject(Entry& entry) {
  const auto text = trimRight(*entry.message);
  if (text.empty() || text.back() != '}') return;
  const size_t at = std::min(text.find(" {\""), text.find("\t{\""));
  if (at == std::string_view::npos) return;
  const size_t before = entry.record.fields.size();
  if (!entry.json.parse(text.substr(at + 1), entry.maxJsonDepth, entry.maxFields, entry.scratch,
                        entry.record.fields))
    entry.record.fields.resize(before);
}

/// Level, message and pairs behind the time stamp.
bool readTail(Entry& entry, std::string_view rest, bool strict) {
  const auto level = findLevel(rest, strict);
  if (level) entry.severity = level->severity;
  entry.message = level ? rest.substr(level->end) : skipSeparators(rest);
  if (entry.message->find('=') != std::string_view::npos) scanMessage(entry);
  scanTrailingObject(entry);
  if (!level) levelFromPairs(entry);
  return level.has_value();
}

struct PlacedStamp {
  Stamp stamp;
  size_t at = 0;
};

/// A time stamp in quotes, or behind the name of a file or part: "web.log:2026-11-22 20:35:23 ...".
std::optional<PlacedStamp> stampInWord(std::string_view head) {
  size_t at = 1;
  if (head.front() != '"') {
    at = head.find_first_of(": ") + 1;
    if (at < 2 || at >= head.size() || head[at - 1] != ':' || !isDigit(head[at])) return std::nullopt;
  }
  const auto stamp = readStamp(head.substr(at, 48));
  return stamp ? std::optional(PlacedStamp{*stamp, at}) : std::nullopt;
}

/// A time stamp behind a level, a process or the like: "E [08/Jun/2013:11:28:58 -0700] ...",
/// "[DEBUG 2015-05-20 12:22:19 main] ...". Behind ordinary words only in brackets of its own.
std::optional<PlacedStamp> stampInHead(std::string_view line) {
  const auto head = line.substr(0, kStampWithin);
  if (head.empty()) return std::nullopt;
  if (const auto placed = stampInWord(head)) return placed;
  bool ordinary = false;
  for (size_t at = 0, word = 0; word < 16; ++word) {
    const size_t begin = head.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) return std::nullopt;
    const size_t end = std::min(head.find_first_of(" \t", begin), head.size());
    const auto text = head.substr(begin, end - begin);
    const bool bracket = text.front() == '[' || text.front() == '(';
    if (word > 0 && (bracket || (!ordinary && word <= 4))) {
      if (const auto stamp = readStamp(line.substr(begin, 48)); stamp && (!ordinary || !stamp->open))
        return PlacedStamp{*stamp, begin};
    }
    const bool letter = text.size() == 1 || (text.size() == 2 && text[1] == ',');  // "I, [2026-..."
    ordinary = ordinary || (!looksLikeHead(text) && !severityFromWord(text) && !letter);
    at = end;
  }
  return std::nullopt;
}

/// "20:35:23.062 ": a time of day alone tells no date.
size_t timeOfDayLength(std::string_view line) {
  if (line.size() < 9 || line[2] != ':' || line[5] != ':') return 0;
  size_t end = 0;
  while (end < line.size() &&
         (isDigit(line[end]) || line[end] == ':' || line[end] == '.' || line[end] == ','))
    ++end;
  return end >= 8 && end < line.size() && isBlank(line[end]) ? end : 0;
}

/// "org.shop.Orders - message", "shop.db: message", "[shop.db] message". A name without a dot needs " - " or
/// brackets, else it may be the first word of the message.
void takeLogger(Entry& entry) {
  auto rest = *entry.message;
  std::string_view name;
  if (auto inside = rest; takeBracketed(inside, name)) {
    if (!isName(name) || name.find('.') == std::string_view::npos) return;
    rest = inside;
  } else {
    name = takeWord(rest);
    const bool dotted = name.find('.') != std::string_view::npos;
    if (name.ends_with(':') && dotted) {
      name.remove_suffix(1);
    } else if (!trimLeft(rest).starts_with("- ") && !trimLeft(rest).starts_with(": ")) {
      return;
    }
    if (!isName(name) || isDigit(name.front())) return;
  }
  entry.add("logger", name);
  entry.message = skipSeparators(rest);
}

/// "LEVEL:name:message": the form of Python's logging without a configuration.
bool readBasicPython(Entry& entry) {
  auto rest = entry.text;
  std::string_view level, name;
  if (rest.empty() || !isUpper(rest.front()) || !takeUntil(rest, ':', level) || level.size() > 8)
    return false;
  constexpr std::array<std::string_view, 6> kLevels = {"DEBUG", "INFO",     "WARNING",
                                                       "ERROR", "CRITICAL", "FATAL"};
  if (std::find(kLevels.begin(), kLevels.end(), level) == kLevels.end()) return false;
  if (!takeUntil(rest, ':', name) || !isName(name)) return false;
  entry.severity = severityFromWord(level);
  entry.add("logger", name);
  entry.message = rest;
  scanMessage(entry);
  return true;
}

bool hasCommaMillis(const Entry& entry) {
  return entry.stamp && entry.stamp->style == StampStyle::Iso &&
         entry.text.substr(0, 26).find(',') != std::string_view::npos;
}

}  // namespace

void readMessage(Entry& entry, std::string_view message) {
  entry.message = message;
  if (!entry.nested) {
    const auto outerSeverity = entry.severity;
    const size_t fields = entry.record.fields.size();
    Entry inner{.text = message,
                .stamp = {},
                .rest = message,
                .nested = true,
                .record = entry.record,
                .scratch = entry.scratch,
                .json = entry.json,
                .maxFields = entry.maxFields,
                .maxJsonDepth = entry.maxJsonDepth};
    for (const auto reader : {readJson, readHaproxy, readAccess, readKlog, readCef, readLogfmt}) {
      if (reader(inner)) {
        entry.severity = inner.severity ? inner.severity : outerSeverity;
        entry.message = inner.message ? *inner.message : message;
        return;
      }
      entry.record.fields.resize(fields);
      inner.severity.reset();
      inner.message.reset();
    }
  }
  if (const auto level = findLevel(message, true)) {
    if (!entry.severity || level->severity > *entry.severity) entry.severity = level->severity;
    entry.message = message.substr(level->end);
  }
  if (entry.message->find('=') != std::string_view::npos) scanMessage(entry);
  if (!entry.severity) levelFromPairs(entry);
}

/// "I0505 17:59:40.692994   28133 klog.go:70] message", with the year in front of the month for glog.
bool readKlog(Entry& entry) {
  const auto text = entry.text;
  if (text.size() < 20 || !std::string_view("IWEF").contains(text.front()) || !isDigit(text[1])) return false;
  const bool year = text[5] != ' ';
  const auto stamp = year ? readStamp(text.substr(1, 32)) : std::nullopt;
  auto rest = text;
  if (year) {
    if (!stamp || stamp->zone) return false;
    entry.time = stamp;
    rest.remove_prefix(1 + stamp->length);
  } else {
    // "0505 17:59:40.692994" as "05-05 17:59:40.692994".
    std::string written(text.substr(1, 2));
    written.append("-").append(text.substr(3, 32));
    entry.time = readStamp(written);
    if (!entry.time) return false;
    rest.remove_prefix(entry.time->length);  // one sign less, one letter more
  }
  rest = trimLeft(rest);
  const auto thread = takeDigits(rest);
  if (thread.empty() || thread.size() > 19 || !rest.starts_with(' ')) return false;
  std::string_view place;
  if (!takeUntil(rest, ']', place)) return false;
  place = trimLeft(place);
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos || !allDigits(place.substr(colon + 1))) return false;
  entry.severity = severityFromLetter(text.front());
  entry.add("thread", thread);
  entry.add("file", place.substr(0, colon));
  entry.add("line", place.substr(colon + 1));
  entry.message = trimLeft(rest);
  scanMessage(entry);
  return true;
}

/// "2026-11-22 20:35:23,062 - shop.db - ERROR - message", "INFO:shop.db:message".
bool readPython(Entry& entry) {
  if (!entry.stamp) return readBasicPython(entry);
  if (entry.stamp->style != StampStyle::Iso || !entry.rest.starts_with(" - ")) return false;
  auto rest = entry.rest.substr(3);
  const auto name = takeWord(rest);
  if (!isName(name) || !take(rest, " - ")) return false;
  const auto severity = severityFromWord(takeWord(rest));
  if (!severity) return false;
  entry.severity = *severity;
  entry.add("logger", name);
  entry.time = entry.stamp;
  entry.message = skipSeparators(rest);
  scanMessage(entry);
  return true;
}

/// log4j, logback and their relatives: a stamp with a comma, a level, a logger.
bool readJava(Entry& entry) {
  if (!hasCommaMillis(entry) || !readTail(entry, entry.rest, false)) return false;
  entry.time = entry.stamp;
  takeLogger(entry);
  return true;
}

bool readStamped(Entry& entry) {
  if (entry.stamp) {
    entry.time = entry.stamp;
    if (readTail(entry, entry.rest, false)) takeLogger(entry);
    return true;
  }
  const auto line = firstLine(entry.text);
  const auto placed = stampInHead(line);
  if (!placed) return false;
  entry.time = placed->stamp;
  const auto before = entry.text.substr(0, placed->at);
  const auto after = entry.text.substr(placed->at + placed->stamp.length);
  if (readTail(entry, after, false)) takeLogger(entry);
  if (const auto level = findLevel(before, false)) entry.severity = level->severity;
  return true;
}

bool readPlain(Entry& entry) {
  const size_t clock = timeOfDayLength(entry.text);
  readTail(entry, entry.text.substr(clock), clock == 0);
  return true;
}

}  // namespace aiops::parsing
