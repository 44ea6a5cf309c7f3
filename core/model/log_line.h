// The live log and read positions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/log_record.h"

namespace aiops::model {

/// One line of the live log. `text` is foreign: show it through SafeText only.
struct LogLine {
  uint64_t sequence = 0;  ///< grows by one over all sources
  base::TimePoint time;
  bool hasTime = false;
  Severity severity = Severity::Info;
  std::string source;
  std::string service;
  std::string text;     ///< as written, first 4 kB
  std::string message;  ///< without time stamp and level
  BytePosition position;
};

struct LogSlice {
  std::vector<LogLine> lines;  ///< ascending sequence
  uint64_t next = 0;           ///< ask for this `from` next time
  uint64_t missed = 0;         ///< lines that left the buffer before they were asked for
};

/// How far a source has been read: the next byte to read is `offset` of the file generation `inode`. For a
/// glob or directory: `inode` is 0 and `offset` the wall time of the last look, in microseconds.
struct SourcePosition {
  std::string source;
  uint64_t inode = 0;
  uint64_t offset = 0;
  uint64_t line = 0;     ///< physical lines before `offset`
  std::string headHash;  ///< SHA-256 of the first up to 1024 bytes, to tell generations with one inode apart
  uint64_t headLength = 0;
};

/// Lines of one service in one second of event time.
struct LineCount {
  std::string service;
  int64_t second = 0;  ///< seconds since the epoch
  uint32_t all = 0;
  uint32_t warnings = 0;  ///< warning and above, part of `all`
  uint32_t requests = 0;  ///< those that tell the answer to a request, part of `all`
  uint32_t failures = 0;  ///< those of `requests` whose answer was a failure of the server (5xx)

  /// Counts the record, whose service and second these are.
  void add(const LogRecord& record);
};

void to_json(nlohmann::json& json, const LogLine& value);
void from_json(const nlohmann::json& json, LogLine& value);
void to_json(nlohmann::json& json, const LogSlice& value);
void from_json(const nlohmann::json& json, LogSlice& value);
void to_json(nlohmann::json& json, const SourcePosition& value);
void from_json(const nlohmann::json& json, SourcePosition& value);

}  // namespace aiops::model
