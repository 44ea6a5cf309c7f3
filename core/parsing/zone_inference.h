// Works out the zone of logs whose time stamps carry none, from the logs beside them that do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace aiops::parsing {

/// Feed it the times of all records of all sources that were written side by side, in any order, then ask.
///
/// The method: the lines of a source are taken as drawn from the activity of the others, so an offset is
/// likely when, moved by it, the source's stamps fall where the sources with zones have lines, and unlikely
/// when they fall outside of the time that these cover. Every whole hour from -12:00 to +14:00 is tried and
/// the half and quarter hours that are in use somewhere. An offset is given only when it is clearly more
/// likely than all others; with too little agreement there is none. Sources worked out this way support the
/// next ones.
///
/// Example (offline): parse every source with a ZoneRule of UTC, then
///     inference.add(batch.source, record.eventTime, !record.zoneAssumed);   for records with an event time
///     for (auto& [source, offset] : inference.offsets())  move its zone-less times by -offset
///
/// Deterministic. Memory: a few bytes for each second in which a source has lines. Not thread safe.
class ZoneInference {
 public:
  /// A stamp of `source`: the point in time if the line carried its zone, else the local time taken as UTC.
  void add(std::string_view source, base::TimePoint time, bool zoned);

  /// The offset east of UTC of the sources for which one fits. A source that carries zones on some lines
  /// only is treated as two: its zoned lines are neighbours of the others.
  std::map<std::string, std::chrono::minutes> offsets() const;

 private:
  struct Seconds {
    std::map<int64_t, uint32_t> lines;  ///< by second
  };
  std::map<int64_t, uint32_t> m_zoned;  ///< all sources, by second
  std::map<std::string, Seconds, std::less<>> m_zoneless;
};

}  // namespace aiops::parsing
