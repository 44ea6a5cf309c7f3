// One log entry to its time, severity, message and fields.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "base/time.h"
#include "model/log_record.h"
#include "parsing/timestamp.h"

namespace aiops::parsing {

struct ParserOptions {
  ZoneRule zone;                    ///< for stamps that carry none
  size_t maxJsonDepth = 64;         ///< a deeper object is taken as plain text
  size_t maxFields = 64;            ///< further fields are left out
  std::chrono::hours maxAhead{24};  ///< a stamp further ahead of the ingest time than this is not believed
};

/// Parses entries of all formats (line_format.h); the format is decided for each entry. Never fails: what is
/// not understood is a plain record. Colours of a terminal and a byte order mark are passed over. Not thread
/// safe; one for each source.
///
/// Fields: those of the format by their common names (syslog: host, program, pid, facility; requests: host,
/// user, method, path, status, bytes, referer, agent; PostgreSQL: pid, user, database, detail, statement;
/// loggers: logger; the journal: unit, program, pid, host), the scalars of JSON and logfmt, and key=value
/// pairs in text. Severity: as written; requests by status (5xx error, else info); else info.
class LineParser {
 public:
  explicit LineParser(ParserOptions options = {});
  ~LineParser();

  /// `text` must point into `batch.bytes`. The record's views point there, into `batch.scratch` (text that
  /// had to be unescaped or freed of colours) or to constants. Sets everything but `position`.
  model::LogRecord parse(std::string_view text, base::TimePoint ingest, model::LogBatch& batch);

  /// The zone of stamps without one, from the next entry on.
  void setZone(ZoneRule zone);

 private:
  struct Json;

  void setTime(model::LogRecord& record, base::TimePoint time, bool zoneAssumed) const;

  const ParserOptions m_options;
  StampResolver m_resolver;
  std::unique_ptr<Json> m_json;
};

}  // namespace aiops::parsing
