// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/quiet_times.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/zone_time.h"

namespace aiops::correlation {
namespace {

using base::ErrorCode;
using base::fail;
using namespace std::chrono;

constexpr size_t kMostNames = 100;
constexpr size_t kLongestName = 256;
constexpr uint32_t kLongestMinutes = 24 * 60;
constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

/// The number that is all of `text`, which has `digits` digits.
std::optional<int> numberOf(std::string_view text, size_t digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() != digits || error != std::errc() || end != text.data() + text.size() || value < 0)
    return {};
  return value;
}

std::optional<minutes> timeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return {};
  const auto hour = numberOf(text.substr(0, 2), 2), minute = numberOf(text.substr(3), 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return {};
  return hours(*hour) + minutes(*minute);
}

std::optional<local_days> dateOf(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto y = numberOf(text.substr(0, 4), 4), m = numberOf(text.substr(5, 2), 2),
             d = numberOf(text.substr(8), 2);
  if (!y || !m || !d) return {};
  const year_month_day date(year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d)));
  if (!date.ok()) return {};
  return local_days(date);
}

/// By the clocks of a place that has a name: an offset alone knows no summer time.
std::optional<base::ZoneRule> zoneOf(const std::string& text) {
  const auto zone = base::zoneFromText(text);
  if (!zone || (zone->region.empty() && text != "UTC")) return {};
  return zone;
}

bool startsOn(const model::MaintenanceWindow& window, local_days date) {
  if (!window.date.empty()) return dateOf(window.date) == date;
  return contains(window.days, kDays[weekday(date).c_encoding()]);
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
  if (silence.until <= now || silence.until > now + kLongestSilence) {
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
    if (std::ranges::find(kDays, day) == kDays.end())
      return fail(ErrorCode::InvalidInput, "there is no such day", "days",
                  "mon, tue, wed, thu, fri, sat, sun");
  }
  if (!window.date.empty() && !dateOf(window.date))
    return fail(ErrorCode::InvalidInput, "this is no date", "date", "write it as 2026-03-29");
  if (!timeOfDay(window.start))
    return fail(ErrorCode::InvalidInput, "this is no time of day", "start", "write it as 02:30");
  if (window.durationMinutes < 1 || window.durationMinutes > kLongestMinutes)
    return fail(ErrorCode::InvalidInput, "a window lasts 1 to 1440 minutes", "duration_minutes");
  if (!zoneOf(window.zone)) {
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
  const auto zone = zoneOf(window.zone);
  const auto start = timeOfDay(window.start);
  if (!zone || !start) return false;
  // The date there is at most a day from that of UTC, and a window lasts at most a day.
  const local_days today(floor<days>(at).time_since_epoch());
  for (auto date = today - days(2); date <= today + days(1); date += days(1)) {
    if (!startsOn(window, date)) continue;
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
