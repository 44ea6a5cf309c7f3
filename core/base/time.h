// Points in time, the injected clock, and ISO 8601 text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aiops::base {

/// Microseconds since 1970-01-01T00:00:00Z. Event time and wall time both.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// A wall clock that moves by less against the time since boot is being set right; by more it was put forward
/// or back.
constexpr Duration kClockStep = std::chrono::minutes(1);

/// The world's time, injected so that a test or a replay can supply its own. Implementations are thread safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall time, for display and for records that lack a time stamp.
  virtual TimePoint now() const = 0;
  /// Time since boot including suspend (CLOCK_BOOTTIME): for time-outs, cool-downs and expiry.
  virtual Duration sinceBoot() const = 0;
};

/// The operating system's clocks.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  Duration sinceBoot() const override;
};

/// "2026-11-22T20:35:23.062Z", always UTC with milliseconds.
std::string toIso8601(TimePoint time);

/// Parses what toIso8601 writes, with 0 to 6 fraction digits; nothing else.
std::optional<TimePoint> fromIso8601(std::string_view text);

}  // namespace aiops::base
