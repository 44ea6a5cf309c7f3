// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/live_zone.h"

#include <ranges>

#include "parsing/zone_offsets.h"

namespace aiops::parsing {
namespace {

using std::chrono::minutes;

// How much older or newer than the clock a line is that was just written: buffers, and clocks of two hosts.
constexpr std::chrono::seconds kOlder{60};
constexpr std::chrono::seconds kNewer{5};
constexpr minutes kGrid{15};  // all offsets in use are multiples of it
constexpr int kEnough = 3;    // witnesses with different stamps

minutes offsetOf(base::ZoneOffsets& zone, base::TimePoint time) {
  const auto local = [&](minutes offset) {
    return std::chrono::local_seconds(
        std::chrono::floor<std::chrono::seconds>(time + offset).time_since_epoch());
  };
  return zone.at(local(zone.at(local(minutes(0)))));
}

bool fits(base::TimePoint eventTime, base::TimePoint ingest) {
  return eventTime <= ingest + kNewer && eventTime >= ingest - kOlder;
}

/// Whether some offset could make it fit. Spares trying them all for every line of a log that is merely late.
bool mayFit(base::TimePoint eventTime, base::TimePoint ingest) {
  const auto age = ingest - eventTime;
  if (std::chrono::abs(age) > std::chrono::hours(27)) return false;  // further apart than any two zones
  const base::Duration grid = kGrid;
  return ((age + kNewer) % grid + grid) % grid <= kNewer + kOlder;
}

}  // namespace

std::optional<minutes> LiveZone::shiftFor(base::TimePoint eventTime, base::TimePoint ingest) {
  if (!mayFit(eventTime, ingest)) return {};
  const auto now = offsetOf(m_zone, eventTime);
  for (const minutes offset :
       kZoneOffsets | std::views::transform([](int count) { return minutes(count); })) {
    // A stamp read with an offset further east is an earlier moment.
    if (fits(eventTime - (offset - now), ingest)) return now - offset;
  }
  return {};
}

std::optional<minutes> LiveZone::observe(base::TimePoint eventTime, base::TimePoint ingest) {
  if (fits(eventTime, ingest)) {
    m_witnesses = 0;
    return {};
  }
  const auto shift = shiftFor(eventTime, ingest);
  if (!shift) return {};
  if (m_candidate != shift) m_witnesses = 0;
  if (m_witnesses == 0 || m_candidateStamp != eventTime) ++m_witnesses;
  m_candidate = shift;
  m_candidateStamp = eventTime;
  const bool impossible = eventTime > ingest + kOlder;
  if (!impossible && m_witnesses < kEnough) return {};
  m_zone = base::ZoneOffsets({.offset = offsetOf(m_zone, eventTime) - *shift});
  m_witnesses = 0;
  return shift;
}

}  // namespace aiops::parsing
