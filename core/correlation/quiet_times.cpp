// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/quiet_times.h"

#include <algorithm>

#include "base/zone_time.h"
#include "model/quiet_rules.h"

namespace aiops::correlation {
namespace {

using base::ErrorCode;
using base::fail;
using namespace std::chrono;

constexpr size_t kMostNames = 100;
constexpr size_t kLongestName = 256;

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

base::Result<> checkNames(const std::vector<std::string>& names, const std::string& where) {
  const bool good = names.size() <= kMostNames && std::ranges::all_of(names, [](const auto& name) {
                      return !name.empty() && name.size() <= kLongestName;
                    });
  if (good) return {};
  return fail(ErrorCode::InvalidInput, "give at most 100 names of 1 to 256 bytes", where);
}

}  // namespace

base::Result<> check(const model::Silence& silence, base::TimePoint now) {
  if (silence.services.empty() && silence.patterns.empty()) {
    return fail(ErrorCode::InvalidInput, "a silence is of services, of patterns, or both", "services",
                "name at least one");
  }
  if (auto good = checkNames(silence.services, "services"); !good) return good;
  if (auto good = checkNames(silence.patterns, "patterns"); !good) return good;
  if (silence.reason.empty()) return fail(ErrorCode::InvalidInput, "a silence needs a reason", "reason");
  if (silence.until <= now || silence.until > now + model::kLongestSilence) {
    return fail(ErrorCode::InvalidInput, "a silence ends within 7 days from now", "until",
                "for what comes again there are maintenance windows");
  }
  return {};
}

base::Result<> check(const model::MaintenanceWindow& window) {
  if (window.name.empty() || window.name.size() > kLongestName)
    return fail(ErrorCode::InvalidInput, "a window needs a name of 1 to 256 bytes", "name");
  if (auto good = checkNames(window.services, "services"); !good) return good;
  if (window.days.empty() == window.date.empty())
    return fail(ErrorCode::InvalidInput, "a window has days of the week or a date", "days",
                "give one of the two");
  for (const auto& day : window.days) {
    if (!model::isDayName(day))
      return fail(ErrorCode::InvalidInput, "there is no such day", "days",
                  "mon, tue, wed, thu, fri, sat, sun");
  }
  if (!window.date.empty() && !model::dateOf(window.date))
    return fail(ErrorCode::InvalidInput, "this is no date", "date", "write it as 2026-03-29");
  if (!model::timeOfDay(window.start))
    return fail(ErrorCode::InvalidInput, "this is no time of day", "start", "write it as 02:30");
  if (window.durationMinutes < 1 || minutes(window.durationMinutes) > model::kLongestOpening)
    return fail(ErrorCode::InvalidInput, "a window lasts 1 to 1440 minutes", "duration_minutes");
  if (!model::windowZone(window.zone)) {
    return fail(ErrorCode::InvalidInput, "this machine knows no such zone", "zone",
                "give a region such as Europe/Paris, or UTC");
  }
  return {};
}

bool inForce(const model::Silence& silence, base::TimePoint at) {
  return silence.from <= at && at < silence.until;
}

bool inForce(const model::MaintenanceWindow& window, base::TimePoint at) {
  if (at < window.createdAt || (window.removedAt && at >= *window.removedAt)) return false;
  const auto zone = model::windowZone(window.zone);
  const auto start = model::timeOfDay(window.start);
  if (!zone || !start) return false;
  // The date there is at most a day from that of UTC, and a window lasts at most a day.
  const local_days today(floor<days>(at).time_since_epoch());
  for (auto date = today - days(2); date <= today + days(1); date += days(1)) {
    if (!model::startsOn(window, date)) continue;
    const auto begin = base::momentOf(*zone, date + *start);
    if (begin <= at && at < begin + minutes(window.durationMinutes)) return true;
  }
  return false;
}

bool holds(const model::Silence& silence, const model::Event& event) {
  return (silence.services.empty() || contains(silence.services, event.service)) &&
         (silence.patterns.empty() || contains(silence.patterns, event.patternId)) &&
         inForce(silence, event.last);
}

bool holds(const model::MaintenanceWindow& window, const model::Event& event) {
  return holdsAllOf(window, event.service, event.last);
}

bool holdsAllOf(const model::Silence& silence, const std::string& service, base::TimePoint at) {
  return silence.patterns.empty() && contains(silence.services, service) && inForce(silence, at);
}

bool holdsAllOf(const model::MaintenanceWindow& window, const std::string& service, base::TimePoint at) {
  return (window.services.empty() || contains(window.services, service)) && inForce(window, at);
}

}  // namespace aiops::correlation
