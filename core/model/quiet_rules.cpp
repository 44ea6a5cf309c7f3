// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/quiet_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/zone_time.h"

namespace aiops::model {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/// The number that is all of `text`, which has `digits` digits.
std::optional<int> numberOf(std::string_view text, size_t digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() != digits || error != std::errc() || end != text.data() + text.size() || value < 0)
    return {};
  return value;
}

}  // namespace

std::optional<base::ZoneRule> windowZone(std::string_view text) {
  const auto zone = base::zoneFromText(text);
  if (!zone || (zone->region.empty() && text != "UTC")) return {};
  return zone;
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

bool isDayName(std::string_view text) {
  return std::ranges::find(kDays, text) != kDays.end();
}

bool startsOn(const MaintenanceWindow& window, local_days date) {
  if (!window.date.empty()) return dateOf(window.date) == date;
  return std::ranges::find(window.days, kDays[weekday(date).c_encoding()]) != window.days.end();
}

std::vector<Opening> openings(const MaintenanceWindow& window, base::TimePoint at, size_t most) {
  const auto zone = windowZone(window.zone);
  const auto start = timeOfDay(window.start);
  const auto once = dateOf(window.date);
  if (!zone || !start || (!once && window.days.empty())) return {};
  // The date there is at most a day from that of UTC, and a window lasts at most a day.
  const local_days today(floor<days>(at).time_since_epoch());
  const auto first = once ? *once : today - days(2);
  const auto last = once ? *once : today + days(7) * static_cast<int>(most + 1);
  std::vector<Opening> found;
  for (auto date = first; date <= last && found.size() < most; date += days(1)) {
    if (!startsOn(window, date)) continue;
    const auto from = base::momentOf(*zone, date + *start);
    const auto until = from + minutes(window.durationMinutes);
    if (until > at) found.push_back({from, until});
  }
  return found;
}

}  // namespace aiops::model
