// Works out the zone of a log without one while it is written: its lines come when they say they were
// written. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"
#include "base/zone.h"

namespace aiops::parsing {

/// One for each source. Only lines that were read as they came tell anything: those of a backlog say nothing
/// about the clock.
///
/// A stamp that would lie in the future cannot be what the rule makes of it, so one line is enough to change
/// the rule; a stamp in the past may just be late, so three lines with different stamps have to agree. Only
/// offsets that are in use somewhere are taken, and only when the line is then at most a minute old. Not
/// thread safe.
class LiveZone {
 public:
  explicit LiveZone(base::ZoneRule rule) : m_zone(std::move(rule)) {}

  /// `eventTime`: what the rule in force made of a stamp without zone, read at `ingest`. Gives by how much
  /// times of this source have to be moved when the line changes the rule.
  std::optional<std::chrono::minutes> observe(base::TimePoint eventTime, base::TimePoint ingest);

  const base::ZoneRule& rule() const { return m_zone.rule(); }

 private:
  std::optional<std::chrono::minutes> shiftFor(base::TimePoint eventTime, base::TimePoint ingest);

  base::ZoneOffsets m_zone;
  std::optional<std::chrono::minutes> m_candidate;
  base::TimePoint m_candidateStamp{};
  int m_witnesses = 0;
};

}  // namespace aiops::parsing
