// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/zone_time.h"

#include <QDateTime>
#include <QTimeZone>

namespace aiops::base {
namespace {

using std::chrono::seconds;

/// How far the clocks are ahead of UTC at that second of UTC.
seconds offsetAt(const QTimeZone& zone, seconds utc) {
  return seconds(zone.offsetFromUtc(QDateTime::fromSecsSinceEpoch(utc.count(), Qt::UTC)));
}

}  // namespace

TimePoint momentOf(const ZoneRule& rule, std::chrono::local_seconds local) {
  const auto wall = local.time_since_epoch();
  if (!rule.host && rule.region.empty()) return TimePoint(wall - rule.offset);
  const auto zone =
      rule.host ? QTimeZone::systemTimeZone() : QTimeZone(QByteArray::fromStdString(rule.region));
  // Zones are at most 14 hours from UTC and change by little, so a day away is surely before or after.
  const auto before = offsetAt(zone, wall - std::chrono::days(1));
  const auto after = offsetAt(zone, wall + std::chrono::days(1));
  const bool isAfter = offsetAt(zone, wall - before) != before && offsetAt(zone, wall - after) == after;
  return TimePoint(wall - (isAfter ? after : before));
}

}  // namespace aiops::base
