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

/// Parses entries of all families; the format is decided for each entry. Never fails: what is not understood
/// is a plain record. Not thread safe; one for each lane.
///
/// Fields: JSON lines give their scalar keys; access logs give host, user, method, path, status, bytes,
/// referer, agent and their key=value extras; text gives key=value pairs, and syslog's host, program and pid.
/// Severity: as written; access logs by status (5xx error, else info); else info.
class LineParser {
 public:
  explicit LineParser(ParserOptions options = {});
  ~LineParser();

  /// `text` must point into `batch.bytes`. The record's views point there or into `batch.scratch` (JSON
  /// strings with escapes only). Sets everything but `position`.
  model::LogRecord parse(std::string_view text, base::TimePoint ingest, model::LogBatch& batch);

 private:
  struct Json;

  void parseText(model::LogRecord& record);
  bool parseJson(model::LogRecord& record, model::LogBatch& batch);
  bool parseAccess(model::LogRecord& record);
  void setTime(model::LogRecord& record, const Stamp& stamp);

  const ParserOptions m_options;
  StampResolver m_resolver;
  std::unique_ptr<Json> m_json;
};

}  // namespace aiops::parsing
