// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/line_parser.h"

#include "parsing/container_line.h"
#include "parsing/entry.h"
#include "parsing/json_line.h"
#include "parsing/line_format.h"

namespace aiops::parsing {
namespace {

constexpr char kEscape = '\x1b';

/// Without the sequences that colour a terminal, "ESC [ ... letter"; other escapes lose their first byte
/// only.
std::string withoutColours(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != kEscape) {
      out += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && (isDigit(text[i]) || text[i] == ';' || text[i] == '?')) ++i;
    }
  }
  return out;
}

}  // namespace

struct LineParser::Json {
  JsonLine line;
};

LineParser::LineParser(ParserOptions options)
    : m_options(std::move(options)), m_resolver(m_options.zone), m_json(std::make_unique<Json>()) {}

LineParser::~LineParser() = default;

model::LogRecord LineParser::parse(std::string_view text, base::TimePoint ingest, model::LogBatch& batch) {
  model::LogRecord record;
  record.eventTime = record.ingestTime = ingest;
  record.text = text;
  if (text.find(kEscape) != std::string_view::npos)
    text = *batch.scratch.emplace_back(std::make_unique<std::string>(withoutColours(text)));
  take(text, "\xEF\xBB\xBF");
  if (auto joined = joinedContainerLines(text))
    text = *batch.scratch.emplace_back(std::make_unique<std::string>(*std::move(joined)));
  const auto stamp = readStamp(text);
  Entry entry{.text = text,
              .stamp = stamp,
              .rest = text.substr(stamp ? stamp->length : 0),
              .record = record,
              .scratch = batch.scratch,
              .json = m_json->line,
              .maxFields = m_options.maxFields,
              .maxJsonDepth = m_options.maxJsonDepth};
  readFormat(entry);
  record.message = entry.message ? *entry.message : text;
  if (entry.severity) record.severity = *entry.severity;
  if (entry.time) {
    setTime(record, m_resolver.resolve(*entry.time, ingest), !entry.time->zone);
  } else if (entry.instant) {
    setTime(record, *entry.instant, false);
  }
  return record;
}

void LineParser::setZone(ZoneRule zone) {
  m_resolver.setRule(std::move(zone));
}

void LineParser::setTime(model::LogRecord& record, base::TimePoint time, bool zoneAssumed) const {
  if (time > record.ingestTime + m_options.maxAhead) return;
  record.eventTime = time;
  record.hasEventTime = true;
  record.zoneAssumed = zoneAssumed;
}

}  // namespace aiops::parsing
