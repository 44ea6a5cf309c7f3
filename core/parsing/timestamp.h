// Time stamps at the beginning of a log line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "base/zone.h"

namespace aiops::parsing {

using base::ZoneRule;

/// How a stamp is written; formats are told apart by it.
enum class StampStyle : uint8_t {
  Iso,         ///< 2026-11-22 20:35:23.062, 2026-11-22T20:35:23,062+01:00, 20261122 20:35:23
  Slashes,     ///< 2026/11/22 20:35:23
  Syslog,      ///< Nov 22 20:35:23, also with a year
  Access,      ///< 22/Nov/2026:20:35:23 +0000
  Asctime,     ///< Sun Nov 22 20:35:23.062 2026, Sun, 22 Nov 2026 20:35:23 GMT
  DayMonth,    ///< 22 Nov 2026 20:35:23.062, 22-Nov-2026 20:35:23 UTC, also without a year
  TwelveHour,  ///< Nov 22, 2026 8:35:23 PM
  Numbers,     ///< 11/22/2026 8:35:23 PM, 22/11/2026:20:35:23, 11-22 20:35:23.062, 261122 20:35:23
  Epoch,       ///< 1795379723.062
};

/// A local date and time as read, and how many bytes of the line it took.
struct Stamp {
  std::chrono::local_time<std::chrono::microseconds> local;
  std::optional<std::chrono::minutes> zone;  ///< as written
  bool hasYear = true;
  StampStyle style = StampStyle::Iso;
  bool open = false;  ///< its bracket goes on behind it: "[2026-11-22 20:35:23 main]"
  size_t length = 0;  ///< bytes used, with surrounding brackets
};

/// Reads a stamp of any style, also in square or round brackets. Fractions of 1 to 9 digits behind '.' or ','
/// (or ':'), zones as offsets or abbreviations (one that means several offsets is read and leaves `zone`
/// empty). Empty when the line does not begin with one or the date does not exist. O(1).
std::optional<Stamp> readStamp(std::string_view line);

/// Turns stamps into points in time. Not thread safe: it remembers the last offset.
class StampResolver {
 public:
  explicit StampResolver(ZoneRule rule) : m_zone(std::move(rule)) {}
  void setRule(ZoneRule rule) { m_zone = base::ZoneOffsets(std::move(rule)); }
  /// A stamp without a year takes the year that puts it nearest before `ingest` (one day of grace).
  base::TimePoint resolve(const Stamp& stamp, base::TimePoint ingest);

 private:
  base::ZoneOffsets m_zone;
};

}  // namespace aiops::parsing
