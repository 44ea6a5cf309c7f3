// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/line_parser.h"

#include <algorithm>

#include "parsing/field_scan.h"
#include "parsing/json_line.h"
#include "parsing/line_format.h"

namespace aiops::parsing {
namespace {

using model::LogRecord;
using model::Severity;

std::string_view trimLeft(std::string_view text) {
  const auto start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

/// Takes the next word off `text`.
std::string_view takeWord(std::string_view& text) {
  text = trimLeft(text);
  const size_t end = std::min(text.find_first_of(" \t\n"), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

/// Takes a "quoted part" off `text`, without its quotes; a backslash guards the next byte.
std::string_view takeQuoted(std::string_view& text) {
  text = trimLeft(text);
  if (text.empty() || text.front() != '"') return {};
  size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) return {};
  const auto quoted = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return quoted;
}

/// "ERROR", "[error]" and "error:", but not "Error".
bool isMarked(std::string_view word) {
  return word.back() == ':' || word.back() == ']' ||
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// The level may stand first, or behind up to two words in brackets ("[main] ERROR ..."). The message begins
/// after it. `strict`: an ordinary word at the beginning of a sentence ("Alert the user") is not taken for a
/// level.
void takeLevel(LogRecord& record, std::string_view rest, bool strict = false) {
  record.message = trimLeft(rest);
  for (int i = 0; i < 3; ++i) {
    const auto word = takeWord(rest);
    if (word.empty()) return;
    const auto severity = severityFromWord(word);
    if (severity && (!strict || isMarked(word))) {
      record.severity = *severity;
      record.message = trimLeft(rest);
      if (record.message.starts_with("- ")) record.message = trimLeft(record.message.substr(2));
      return;
    }
    if (word.front() != '[' || word.back() != ']') return;
  }
}

/// "host prog[pid]: message" after a syslog stamp. The message stays whole when it does not look like that.
void takeSyslogHead(LogRecord& record, std::string_view rest) {
  auto text = rest;
  const auto host = takeWord(text);
  auto program = takeWord(text);
  if (host.empty() || program.size() < 2 || program.back() != ':') return;
  program.remove_suffix(1);
  std::string_view pid;
  const size_t open = program.find('[');
  if (open != std::string_view::npos && program.back() == ']') {
    pid = program.substr(open + 1, program.size() - open - 2);
    program = program.substr(0, open);
  }
  record.fields.emplace_back("host", host);
  record.fields.emplace_back("program", program);
  if (!pid.empty()) record.fields.emplace_back("pid", pid);
  takeLevel(record, text, true);
}

void levelFromFields(LogRecord& record) {
  for (const auto key : {"level", "severity", "lvl"}) {
    if (const auto severity = severityFromWord(record.field(key))) record.severity = *severity;
  }
}

bool isStatus(std::string_view text) {
  return text.size() == 3 && text[0] >= '1' && text[0] <= '5' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void addField(LogRecord& record, std::string_view key, std::string_view value) {
  if (!value.empty() && value != "-") record.fields.emplace_back(key, value);
}

void addRequest(LogRecord& record, std::string_view request) {
  addField(record, "method", takeWord(request));
  addField(record, "path", takeWord(request));
}

}  // namespace

struct LineParser::Json {
  JsonLine line;
};

LineParser::LineParser(ParserOptions options)
    : m_options(options), m_resolver(options.zone), m_json(std::make_unique<Json>()) {}

LineParser::~LineParser() = default;

model::LogRecord LineParser::parse(std::string_view text, base::TimePoint ingest, model::LogBatch& batch) {
  LogRecord record;
  record.eventTime = record.ingestTime = ingest;
  record.text = record.message = text;
  switch (detectFormat(text)) {
    case LineFormat::Json:
      if (parseJson(record, batch)) return record;
      record.fields.clear();
      break;
    case LineFormat::Access:
      if (parseAccess(record)) return record;
      record.fields.clear();
      break;
    case LineFormat::Text:
      parseText(record);
      return record;
    case LineFormat::Plain:
      break;
  }
  record.message = text;
  takeLevel(record, text, true);
  scanFields(record.message, m_options.maxFields, record.fields);
  levelFromFields(record);
  return record;
}

void LineParser::parseText(LogRecord& record) {
  const auto stamp = readStamp(record.text);
  if (!stamp) return;
  setTime(record, *stamp);
  const auto rest = record.text.substr(stamp->length);
  takeLevel(record, rest);
  const bool levelFound = record.message.data() != trimLeft(rest).data();
  if (!stamp->hasYear && !levelFound) takeSyslogHead(record, rest);
  scanFields(record.message, m_options.maxFields, record.fields);
  if (!levelFound) levelFromFields(record);
}

bool LineParser::parseJson(LogRecord& record, model::LogBatch& batch) {
  if (!m_json->line.parse(record.text, m_options.maxJsonDepth, m_options.maxFields, batch.scratch,
                          record.fields)) {
    return false;
  }
  for (const auto key : {"time", "timestamp", "ts", "@timestamp"}) {
    const auto value = record.field(key);
    if (value.empty()) continue;
    if (const auto stamp = readStamp(value)) {
      setTime(record, *stamp);
    } else if (const auto time = timeFromEpoch(value);
               time && *time <= record.ingestTime + m_options.maxAhead) {
      record.eventTime = *time;
      record.hasEventTime = true;
    }
    if (record.hasEventTime) break;
  }
  levelFromFields(record);
  for (const auto key : {"msg", "message"}) {
    if (const auto value = record.field(key); !value.empty()) record.message = value;
  }
  return true;
}

bool LineParser::parseAccess(LogRecord& record) {
  auto rest = record.text;
  const auto host = takeWord(rest);
  takeWord(rest);
  const auto user = takeWord(rest);
  rest = trimLeft(rest);
  const auto stamp = readStamp(rest);
  if (!stamp) return false;
  rest = trimLeft(rest.substr(stamp->length));
  record.message = rest;
  const auto request = takeQuoted(rest);
  const auto status = takeWord(rest);
  if (!isStatus(status)) return false;
  setTime(record, *stamp);
  addField(record, "host", host);
  addField(record, "user", user);
  addRequest(record, request);
  addField(record, "status", status);
  addField(record, "bytes", takeWord(rest));
  addField(record, "referer", takeQuoted(rest));
  addField(record, "agent", takeQuoted(rest));
  record.severity = status.front() == '5' ? Severity::Error : Severity::Info;
  scanFields(rest, m_options.maxFields, record.fields);
  return true;
}

void LineParser::setTime(LogRecord& record, const Stamp& stamp) {
  const auto time = m_resolver.resolve(stamp, record.ingestTime);
  if (time > record.ingestTime + m_options.maxAhead) return;
  record.eventTime = time;
  record.hasEventTime = true;
}

}  // namespace aiops::parsing
