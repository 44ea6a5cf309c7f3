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
constexpr int kEnough = 3;  // witnesses with different stamps

minutes offsetOf(const base::ZoneRule& rule, base::TimePoint time) {
  const auto local = [&](minutes offset) {
    return std::chrono::local_seconds(
        std::chrono::floor<std::chrono::seconds>(time + offset).time_since_epoch());
  };
  return base::zoneOffset(rule, local(base::zoneOffset(rule, local(minutes(0)))));
}

bool fits(base::TimePoint eventTime, base::TimePoint ingest) {
  return eventTime <= ingest + kNewer && eventTime >= ingest - kOlder;
}

}  // namespace

std::optional<minutes> LiveZone::shiftFor(base::TimePoint eventTime, base::TimePoint ingest) const {
  const auto off = std::chrono::abs(eventTime - ingest);
  if (off > std::chrono::hours(27)) return {};  // further apart than any two zones
  const auto now = offsetOf(m_rule, eventTime);
  for (const minutes offset :
       kZoneOffsets | std::views::transform([](int count) { return minutes(count); })) {
    // A stamp read with an offset further east is an earlier moment.
    if (fits(eventTime - (offset - now), ingest)) return now - offset;
  }
  return {};
}

std::optional<minutes> LiveZone::observe(base::TimePoint eventTime, base::TimePoint ingest) {
  const auto shift = fits(eventTime, ingest) ? std::nullopt : shiftFor(eventTime, ingest);
  if (!shift) {
    if (fits(eventTime, ingest)) m_witnesses = 0;
    return {};
  }
  if (m_candidate != shift) m_witnesses = 0;
  if (m_witnesses == 0 || m_candidateStamp != eventTime) ++m_witnesses;
  m_candidate = shift;
  m_candidateStamp = eventTime;
  const bool impossible = eventTime > ingest + kOlder;
  if (!impossible && m_witnesses < kEnough) return {};
  m_rule = {.offset = offsetOf(m_rule, eventTime) - *shift};
  m_witnesses = 0;
  return shift;
}

}  // namespace aiops::parsing
