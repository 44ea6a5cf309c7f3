// One source inside a lane: its tail, its assembler, its counters. Internal to pipeline.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parsing/live_zone.h"
#include "pipeline/lane.h"
#include "pipeline/lookout.h"

namespace aiops::pipeline {

/// Lines per 3 seconds over the last 3 minutes, and bytes.
class RateMeter {
 public:
  void add(base::Duration now, uint32_t lines, uint64_t bytes);
  /// Oldest first, at most 60 values; the newest is of the 3 seconds under way.
  std::vector<uint32_t> values(base::Duration now) const;
  struct Rate {
    double lines = 0, bytes = 0;  ///< per second
  };
  /// Over the last full 3 seconds and those under way.
  Rate perSecond(base::Duration now) const;

 private:
  static int64_t slotOf(base::Duration now) { return now / std::chrono::seconds(3); }
  struct Slot {
    int64_t number = 0;
    uint32_t lines = 0;
    uint64_t bytes = 0;
  };
  std::deque<Slot> m_slots;
  std::optional<int64_t> m_begin;
};

/// Not thread safe: belongs to the lane's thread.
class SourceLane {
 public:
  /// `source.path` is one file, or "-"; `watchedAs` is what it was found by.
  SourceLane(LaneSource source, std::string watchedAs, const LaneOptions& options,
             std::optional<model::SourcePosition> stored);

  /// What positions and citations name.
  const std::string& path() const { return m_reader->path(); }
  const std::string& asked() const { return m_source.path; }
  const std::string& watchedAs() const { return m_watchedAs; }
  /// When a glob last stood for it.
  base::Duration seenAt() const { return m_seenAt; }
  void seenAt(base::Duration now) { m_seenAt = now; }
  bool knows(const sources::FileIdentity& file) const { return m_reader->knows(file); }
  int pollFd() const { return m_reader->pollFd(); }
  /// Senders are let go of; what they have sent is still read.
  void end(base::Duration now, base::TimePoint wall) { m_reader->end(now, wall); }
  static constexpr int kMostChunks = 4;
  /// Up to `most` chunks; empty when everything was read.
  std::vector<model::LogBatch> read(base::Duration now, base::TimePoint wall, int most = kMostChunks);
  /// The held record when its time has come.
  std::vector<model::LogBatch> flush(base::Duration now, bool force = false);
  /// After read(): errors of what is not read yet, see Lookout; they are neither counted nor committed.
  std::vector<model::LogBatch> lookAhead(base::Duration now, base::TimePoint wall);
  /// Adds lines and counts of `batch` to `output`, and to the counters.
  void account(const model::LogBatch& batch, LaneOutput& output);
  /// Adds the position, if it moved since the last commit, and health notes to `output`.
  void collect(LaneOutput& output);
  /// The last collected position is stored.
  void committed();
  model::SourceStatus status(base::Duration now) const;
  std::optional<base::Duration> dueAt() const;
  /// Up to where records have left.
  std::optional<model::SourcePosition> position() const;

 private:
  void findZone(model::LogBatch& batch);
  void holdBack(model::LogBatch& batch);
  void addTo(std::vector<model::LogBatch>& batches, model::LogBatch batch) const;

  const LaneSource m_source;
  const std::string m_watchedAs;
  const std::unique_ptr<sources::LogReader> m_reader;
  const parsing::ParserOptions m_parser;
  const parsing::JoinLimits m_join;
  parsing::RecordAssembler m_assembler;
  std::unique_ptr<Lookout> m_lookout;  ///< none until the reader was behind
  bool m_behind = false;               ///< there was more than could be read in the last turn
  std::vector<std::pair<std::string, std::string>> m_containerFields;
  const bool m_byProgram;                   ///< the records' programs are their services
  std::optional<parsing::LiveZone> m_zone;  ///< none: it is given
  /// Lines that came later were read as they were written.
  std::optional<base::TimePoint> m_caughtUpSince;
  std::vector<model::HealthEvent> m_health;
  std::optional<base::Duration> m_aheadTold;  ///< when a stamp ahead of the clock was last told of
  RateMeter m_rate;
  base::Duration m_now{0};
  uint64_t m_records = 0;
  uint64_t m_bytes = 0;
  uint64_t m_invalid = 0;
  base::Duration m_seenAt{0};
  std::string m_lastProblem;
  std::optional<base::TimePoint> m_lastProblemAt;
  std::chrono::milliseconds m_lag{0};
  std::optional<base::TimePoint> m_lastLineAt;
  std::optional<model::SourcePosition> m_collected;
  std::optional<model::SourcePosition> m_stored;
};

}  // namespace aiops::pipeline
