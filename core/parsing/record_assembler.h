// Physical lines to records: joins stack traces to the entry before them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "model/log_record.h"
#include "parsing/line_parser.h"
#include "parsing/raw_chunk.h"
#include "parsing/stack_trace.h"

namespace aiops::parsing {

struct JoinLimits {
  size_t maxLines = 500;
  size_t maxBytes = 256 * 1024;
  base::Duration maxWait = std::chrono::seconds(2);  ///< since the first line of a held record came
  base::Duration quietSingle =
      std::chrono::milliseconds(40);  ///< a record of one line leaves after this much quiet
  base::Duration quietJoined = std::chrono::milliseconds(250);  ///< one that has continuations already
};

/// Everything before `offset` of the generation `inode` has left the assembler as records.
struct Consumed {
  uint64_t inode = 0;
  uint64_t offset = 0;
  uint64_t line = 0;
};

/// Joins lines of one source and parses them. The newest record is held while lines may still join it; it
/// leaves with the next record, or by flush() when it has waited long enough. A joined text is exactly the
/// file's bytes [offset, offset + length). What joins: stack_trace.h, and PostgreSQL's DETAIL, STATEMENT and
/// the like; formats of one line each (JSON, requests) take no continuation. Not thread safe. `now` is
/// Clock::sinceBoot().
class RecordAssembler {
 public:
  RecordAssembler(std::string source, std::string service, ParserOptions parser = {}, JoinLimits limits = {});

  /// The records that are complete after `chunk`.
  model::LogBatch add(RawChunk chunk, base::TimePoint ingest, base::Duration now);
  /// The held record, if its time has come or `force`; else an empty batch.
  model::LogBatch flush(base::Duration now, bool force = false);
  /// When flush() will have something, if anything is held.
  std::optional<base::Duration> dueAt() const;
  /// Of stamps without a zone, from the next record on.
  void setZone(const ZoneRule& zone) { m_parser.setZone(zone); }
  /// How far records have left; empty before the first chunk. Late chunks do not move it.
  std::optional<Consumed> consumed() const { return m_consumed; }

 private:
  struct Held {
    std::string bytes;  ///< between chunks: the text so far
    size_t at = 0;      ///< inside add(): index of the first byte in the batch
    size_t length = 0;
    size_t lines = 0;
    uint64_t inode = 0;
    uint64_t offset = 0;
    uint64_t line = 0;
    bool joinable = false;
    std::optional<bool> formatJoins;  ///< known once it was asked for
    StackTrace trace;
    std::string stream;          ///< of a container; empty: it is none's line
    bool containerGoes = false;  ///< its line goes on in the next one
    bool late = false;
    base::TimePoint ingest;
    base::Duration since{0};
    base::Duration touched{0};
  };

  model::LogBatch newBatch() const;
  bool joins(const RawChunk& chunk, const RawLine& line, std::string_view text, std::string_view bytes);
  void hold(const RawChunk& chunk, const RawLine& line, std::string_view text, base::TimePoint ingest,
            base::Duration now);
  void extend(const RawLine& line, std::string_view text, base::Duration now);
  void release(model::LogBatch& batch);
  void storeHeld(model::LogBatch& batch);

  const std::string m_source;
  const std::string m_service;
  const JoinLimits m_limits;
  LineParser m_parser;
  std::optional<Held> m_held;
  std::optional<Consumed> m_consumed;
  Consumed m_end;  ///< end of the last chunk: consumed once nothing is held
};

}  // namespace aiops::parsing
