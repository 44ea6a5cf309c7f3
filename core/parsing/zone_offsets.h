// The offsets from UTC that clocks are set to somewhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>

namespace aiops::parsing {

/// Those off the whole hour, in minutes east of UTC: few places.
inline constexpr std::array kOffTheHour = {-570, -210, -150, 210, 270, 330, 345,
                                           390,  525,  570,  630, 765, 825};
inline constexpr int kFirstHour = -12;
inline constexpr int kLastHour = 14;

/// All of them, in minutes east of UTC; the whole hours first.
inline constexpr auto kZoneOffsets = [] {
  std::array<int, kLastHour - kFirstHour + 1 + kOffTheHour.size()> offsets{};
  size_t count = 0;
  for (int hour = kFirstHour; hour <= kLastHour; ++hour) offsets[count++] = hour * 60;
  for (const int offset : kOffTheHour) offsets[count++] = offset;
  return offsets;
}();

}  // namespace aiops::parsing
