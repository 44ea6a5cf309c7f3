// What silences and maintenance windows may say, and when a window opens.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/zone.h"
#include "model/silence.h"

namespace aiops::model {

inline constexpr std::chrono::days kLongestSilence{7};
inline constexpr std::chrono::minutes kLongestOpening{24 * 60};

/// The clocks of a place that has a name, or of UTC: an offset alone knows no summer time.
std::optional<base::ZoneRule> windowZone(std::string_view text);
/// "02:30".
std::optional<std::chrono::minutes> timeOfDay(std::string_view text);
/// "2026-03-29".
std::optional<std::chrono::local_days> dateOf(std::string_view text);
/// "mon" to "sun".
bool isDayName(std::string_view text);
/// Whether the window opens on that date by the clocks there.
bool startsOn(const MaintenanceWindow& window, std::chrono::local_days date);

/// One time of being open; `until` is not part of it.
struct Opening {
  base::TimePoint from;
  base::TimePoint until;
};

/// Those that are not over at `at`, in order, at most `most`. None for a window that can't be, and for a
/// date that has passed. Asks the system's zone data.
std::vector<Opening> openings(const MaintenanceWindow& window, base::TimePoint at, size_t most);

}  // namespace aiops::model
