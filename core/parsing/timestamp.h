// Time stamps at the beginning of a log line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace aiops::parsing {

/// What a time stamp without a zone means.
struct ZoneRule {
  bool host = false;               ///< the zone of this machine, with its summer time
  std::chrono::minutes offset{0};  ///< east of UTC; used when `host` is false
};

/// A local date and time as read, and how many bytes of the line it took.
struct Stamp {
  std::chrono::local_time<std::chrono::microseconds> local;
  std::optional<std::chrono::minutes> zone;  ///< as written
  bool hasYear = true;                       ///< syslog's stamps have none
  size_t length = 0;                         ///< bytes used, with surrounding brackets
};

/// Reads "2026-11-22 20:35:23.062", "2026-11-22T20:35:23,062+01:00", "2026/11/22 20:35:23", "Nov 22 20:35:23"
/// and "22/Nov/2026:20:35:23 +0000", each also in square brackets. Fractions of 1 to 9 digits. Empty when the
/// line does not begin with one or the date does not exist.
std::optional<Stamp> readStamp(std::string_view line);

/// Turns stamps into points in time. Not thread safe: it remembers the host's last offset.
class StampResolver {
 public:
  explicit StampResolver(ZoneRule rule) : m_rule(rule) {}
  /// A stamp without a year takes the year that puts it nearest before `ingest` (one day of grace).
  base::TimePoint resolve(const Stamp& stamp, base::TimePoint ingest);

 private:
  std::chrono::minutes hostOffset(std::chrono::local_seconds local);

  const ZoneRule m_rule;
  int64_t m_cachedBlock = -1;
  std::chrono::minutes m_cachedOffset{0};
};

}  // namespace aiops::parsing
