// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/peak_forecast.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace aiops::detection {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kMostPeriods = 15;
constexpr double kLeastCovered = 0.6;
constexpr double kLeastBetter = 0.25;  // share of the mean's error
constexpr double kWeekBetter = 0.15;   // a week has to be so much better than a day
constexpr double kStandsOut = 3;       // usual errors
constexpr int kBeside = 4;             // slots on each side whose errors count for a peak's

double medianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double meanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const auto value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// Means by slot; what is missing is missing.
class Slots {
 public:
  Slots(std::span<const SeriesPoint> points, minutes width) : m_width(width) {
    std::map<int64_t, std::pair<double, int>> sums;
    for (const auto& point : points) {
      if (!std::isfinite(point.value) || std::fabs(point.value) > 1e30) continue;
      auto& [sum, count] = sums[numberOf(point.time)];
      sum += point.value;
      ++count;
    }
    for (const auto& [number, slot] : sums) m_means[number] = slot.first / slot.second;
  }
  int64_t numberOf(base::TimePoint time) const {
    const auto count = time.time_since_epoch().count(), width = base::Duration(m_width).count();
    return count / width - (count % width < 0 ? 1 : 0);
  }
  base::TimePoint middleOf(int64_t number) const {
    return base::TimePoint(base::Duration(m_width) * number + base::Duration(m_width) / 2);
  }
  std::optional<double> at(int64_t number) const {
    const auto found = m_means.find(number);
    return found == m_means.end() ? std::nullopt : std::optional(found->second);
  }
  bool empty() const { return m_means.empty(); }
  int64_t oldest() const { return m_means.begin()->first; }
  base::Duration width() const { return m_width; }

 private:
  const minutes m_width;
  std::map<int64_t, double> m_means;
};

/// A series cut into periods that end before `end`; period 0 is the newest.
class Season {
 public:
  Season(const Slots& slots, hours period, int64_t end)
      : m_slots(slots), m_period(period), m_length(base::Duration(period) / slots.width()), m_end(end) {
    if (slots.empty()) return;
    const auto all = std::min<int64_t>((end - slots.oldest()) / m_length, kMostPeriods);
    for (int64_t age = 0; age < all; ++age) {
      if (covered(age) >= kLeastCovered) m_ages.push_back(age);
    }
  }

  int periods() const { return static_cast<int>(m_ages.size()); }
  int64_t length() const { return m_length; }
  hours period() const { return m_period; }

  /// Of the slot `place` of the period that follows those of `ages`: the middle of what it was, moved by how
  /// much the newest of them lies above or below the others.
  std::optional<double> foreseen(int64_t place, const std::vector<int64_t>& ages) const {
    std::vector<double> values;
    for (const auto age : ages) {
      if (const auto value = valueAt(age, place)) values.push_back(*value);
    }
    return values.size() < 2 ? std::nullopt : std::optional(medianOf(std::move(values)));
  }
  std::vector<int64_t> olderThan(int64_t age) const {
    std::vector<int64_t> older;
    for (const auto other : m_ages) {
      if (other > age) older.push_back(other);
    }
    return older;
  }
  const std::vector<int64_t>& ages() const { return m_ages; }
  std::optional<double> valueAt(int64_t age, int64_t place) const {
    return m_slots.at(m_end - (age + 1) * m_length + place);
  }

  /// The change of level that the newest period shows against the ones before it.
  double shift(const std::vector<int64_t>& ages) const {
    if (ages.size() < 2) return 0;
    const std::vector<int64_t> before(ages.begin() + 1, ages.end());
    std::vector<double> changes;
    for (int64_t place = 0; place < m_length; ++place) {
      const auto now = valueAt(ages.front(), place);
      const auto usual = before.size() < 2 ? valueAt(before.front(), place) : foreseen(place, before);
      if (now && usual) changes.push_back(*now - *usual);
    }
    return medianOf(std::move(changes)) / 2;  // half of it lasts: what one period shows may be of that one
  }

  /// How well each period was foreseen by the older ones.
  struct Trial {
    double seasonal = 0, level = 0;           ///< mean errors
    std::vector<std::vector<double>> errors;  ///< by place: signed
  };
  Trial trial() const {
    Trial out;
    out.errors.resize(static_cast<size_t>(m_length));
    std::vector<double> seasonal, level;
    for (const auto age : m_ages) {
      const auto older = olderThan(age);
      if (older.size() < 2) continue;
      const auto mean = meanOfAll(older);
      const auto moved = shift(older);
      for (int64_t place = 0; place < m_length; ++place) {
        const auto value = valueAt(age, place);
        const auto expected = foreseen(place, older);
        if (!value || !expected) continue;
        out.errors[static_cast<size_t>(place)].push_back(*value - *expected - moved);
        seasonal.push_back(std::fabs(*value - *expected - moved));
        level.push_back(std::fabs(*value - mean));
      }
    }
    out.seasonal = meanOf(seasonal);
    out.level = meanOf(level);
    return out;
  }

 private:
  double covered(int64_t age) const {
    int64_t there = 0;
    for (int64_t place = 0; place < m_length; ++place) there += valueAt(age, place) ? 1 : 0;
    return static_cast<double>(there) / static_cast<double>(m_length);
  }
  double meanOfAll(const std::vector<int64_t>& ages) const {
    std::vector<double> values;
    for (const auto age : ages) {
      for (int64_t place = 0; place < m_length; ++place) {
        if (const auto value = valueAt(age, place)) values.push_back(*value);
      }
    }
    return meanOf(values);
  }

  const Slots& m_slots;
  const hours m_period;
  const int64_t m_length;
  const int64_t m_end;
  std::vector<int64_t> m_ages;  ///< of periods that are covered well enough, the newest first
};

double better(const Season::Trial& trial) {
  return trial.level > 0 ? std::max(0.0, 1 - trial.seasonal / trial.level) : 0;
}

/// Where the foreseen values are highest, smoothed over three slots; nothing when too few are known.
std::optional<int64_t> highest(const Season& season) {
  std::optional<int64_t> best;
  double most = 0;
  for (int64_t place = 0; place < season.length(); ++place) {
    double sum = 0;
    int known = 0;
    for (int64_t beside = -1; beside <= 1; ++beside) {
      const auto value = season.foreseen((place + beside + season.length()) % season.length(), season.ages());
      if (!value) continue;
      sum += *value;
      ++known;
    }
    if (known < 2 || !season.foreseen(place, season.ages())) continue;
    if (!best || sum / known > most) {
      best = place;
      most = sum / known;
    }
  }
  return best;
}

/// How far from `place` the highest slot of past periods lay, at most, the one that lay farthest left out.
base::Duration wandering(const Season& season, int64_t place, base::Duration width) {
  std::vector<int64_t> distances;
  for (const auto age : season.ages()) {
    std::optional<int64_t> top;
    for (int64_t at = 0; at < season.length(); ++at) {
      const auto value = season.valueAt(age, at);
      if (value && (!top || *value > *season.valueAt(age, *top))) top = at;
    }
    if (!top) continue;
    const auto apart = std::abs(*top - place);
    distances.push_back(std::min(apart, season.length() - apart));
  }
  std::ranges::sort(distances);
  if (distances.size() > 3) distances.pop_back();
  return distances.empty() ? width : width * (distances.back() + 1);
}

/// The errors that were made near `place`, in ascending order.
std::vector<double> errorsNear(const Season::Trial& trial, int64_t place) {
  const auto length = static_cast<int64_t>(trial.errors.size());
  std::vector<double> errors;
  for (int64_t beside = -kBeside; beside <= kBeside; ++beside) {
    const auto& at = trial.errors[static_cast<size_t>((place + beside + length) % length)];
    errors.insert(errors.end(), at.begin(), at.end());
  }
  std::ranges::sort(errors);
  return errors;
}

/// The bounds between which the next error lies with 80 %, of so many past ones (conformal prediction).
std::pair<double, double> bounds(const std::vector<double>& errors) {
  const auto n = static_cast<double>(errors.size());
  const auto low = static_cast<size_t>(std::max(0.0, std::floor(0.1 * (n + 1)) - 1));
  const auto high = static_cast<size_t>(std::min(n - 1, std::ceil(0.9 * (n + 1)) - 1));
  return {errors[low], errors[high]};
}

PeakAnswer none(std::string why) {
  return {std::nullopt, std::move(why)};
}

PeakAnswer peakOf(const Season& season, const Season::Trial& trial, const Slots& slots, int64_t first) {
  const auto place = highest(season);
  if (!place) return none("too little is known of the past periods");
  const auto moved = season.shift(season.ages());
  const double height = *season.foreseen(*place, season.ages()) + moved;
  std::vector<double> all;
  for (int64_t at = 0; at < season.length(); ++at) {
    if (const auto value = season.foreseen(at, season.ages())) all.push_back(*value + moved);
  }
  if (height < medianOf(all) + kStandsOut * trial.seasonal)
    return none("no peak stands out of the usual values");
  const auto errors = errorsNear(trial, *place);
  if (errors.empty()) return none("too little is known of the past periods");
  const auto [low, high] = bounds(errors);
  PeakForecast out{.at = slots.middleOf(first + *place), .expected = height};
  out.give = wandering(season, *place, slots.width());
  out.low = std::min(height, height + low);
  out.high = std::max(height, height + high);
  out.period = season.period();
  out.periods = season.periods();
  out.better = better(trial);
  return {out, {}};
}

constexpr hours kDay{24}, kWeek{168};

/// Both seasons, and which of them is believed.
struct Seasons {
  Seasons(std::span<const SeriesPoint> points, base::TimePoint now)
      : quarters(points, minutes(15)),
        whole(points, minutes(60)),
        day(quarters, kDay, quarters.numberOf(now)),
        dayInHours(whole, kDay, whole.numberOf(now)),
        week(whole, kWeek, whole.numberOf(now)) {}

  /// The week's trial if it is to be believed rather than the day. Means of an hour err less than those of a
  /// quarter: both are compared by the hour.
  std::optional<Season::Trial> betterWeek() const {
    if (week.periods() < kLeastPeriods) return std::nullopt;
    auto weekly = week.trial();
    if (weekly.seasonal >= (1 - kWeekBetter) * dayInHours.trial().seasonal) return std::nullopt;
    return weekly;
  }

  const Slots quarters, whole;
  const Season day, dayInHours, week;
};

}  // namespace

PeakAnswer forecastPeak(std::span<const SeriesPoint> points, base::TimePoint now) {
  const Seasons seasons(points, now);
  if (seasons.day.periods() < kLeastPeriods)
    return none("it needs three past days; " + std::to_string(seasons.day.periods()) + " are known");
  const auto daily = seasons.day.trial();
  if (const auto weekly = seasons.betterWeek(); weekly && better(*weekly) >= kLeastBetter)
    return peakOf(seasons.week, *weekly, seasons.whole, seasons.whole.numberOf(now));
  if (better(daily) < kLeastBetter) return none("the past days are not alike");
  return peakOf(seasons.day, daily, seasons.quarters, seasons.quarters.numberOf(now));
}

std::optional<double> seasonalValue(std::span<const SeriesPoint> points, base::TimePoint time) {
  const Seasons seasons(points, time);
  if (seasons.day.periods() < kLeastPeriods) return std::nullopt;
  const Season* season = seasons.betterWeek() ? &seasons.week : &seasons.day;
  const auto expected = season->foreseen(0, season->ages());
  return expected ? std::optional(*expected + season->shift(season->ages())) : std::nullopt;
}

// Recurrence ---------------------------------------------------------------------------------------------

namespace {

constexpr minutes kSame{15};
constexpr double kByChance = 0.01;
constexpr double kLeastShare = 0.6;
constexpr int kLeastTimes = kLeastPeriods + 1;

struct Rhythm {
  minutes period;
  minutes tolerance;  ///< around the middle of the cluster
  bool weekdays = false;
};

/// The longer the period, the more it may wander.
std::vector<Rhythm> rhythms() {
  std::vector<Rhythm> all;
  for (const int h : {1, 2, 3, 4, 6, 8, 12}) all.push_back({hours(h), minutes(3 * h + 2)});
  all.push_back({hours(24), minutes(45)});
  all.push_back({hours(24), minutes(45), true});
  all.push_back({hours(168), minutes(120)});
  return all;
}

int64_t floorDiv(int64_t a, int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
bool isWeekend(int64_t day) {
  const auto place = ((day + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday; Monday is 0
  return place >= 5;
}

/// The times that are nearest to one phase, as [first, last) of the sorted phases.
class Cluster {
 public:
  Cluster(const std::vector<base::TimePoint>& times, const Rhythm& rhythm) : m_rhythm(rhythm) {
    const auto period = base::Duration(rhythm.period).count();
    std::vector<int64_t> phases;
    for (const auto time : times) {
      const auto count = time.time_since_epoch().count();
      phases.push_back(count - floorDiv(count, period) * period);
    }
    std::ranges::sort(phases);
    const auto width = 2 * base::Duration(rhythm.tolerance).count();
    const auto all = phases.size();
    for (size_t first = 0; first < all; ++first) {
      size_t count = 1;
      while (count < all && around(phases, first + count, period) - phases[first] <= width) ++count;
      if (count <= m_count) continue;
      m_count = count;
      m_middle = phases[first] + (around(phases, first + count - 1, period) - phases[first]) / 2;
    }
  }
  size_t count() const { return m_count; }
  /// The period in whose middle the time lies, when it belongs to the cluster.
  std::optional<int64_t> periodOf(base::TimePoint time) const {
    const auto period = base::Duration(m_rhythm.period).count();
    const auto number = floorDiv(time.time_since_epoch().count() - m_middle + period / 2, period);
    const auto apart = time - at(number);
    if (std::chrono::abs(apart) > base::Duration(m_rhythm.tolerance)) return std::nullopt;
    return number;
  }
  base::TimePoint at(int64_t number) const {
    return base::TimePoint(base::Duration(number * base::Duration(m_rhythm.period).count() + m_middle));
  }

 private:
  static int64_t around(const std::vector<int64_t>& phases, size_t i, int64_t period) {
    return phases[i % phases.size()] + (i >= phases.size() ? period : 0);
  }
  const Rhythm m_rhythm;
  size_t m_count = 0;
  int64_t m_middle = 0;
};

/// A bound on how likely `n` of `all` random times lie within a window that is `share` of the period.
double byChance(size_t n, size_t all, double share) {
  double chance = static_cast<double>(all);
  for (size_t i = 1; i < n; ++i) chance *= share * static_cast<double>(all - i) / static_cast<double>(i);
  return chance;
}

std::optional<Recurrence> tried(const std::vector<base::TimePoint>& times, const Rhythm& rhythm,
                                base::TimePoint now) {
  const Cluster cluster(times, rhythm);
  std::vector<int64_t> periods;
  base::Duration give{0};
  for (const auto time : times) {
    const auto number = cluster.periodOf(time);
    if (!number || (rhythm.weekdays && isWeekend(floorDiv(cluster.at(*number).time_since_epoch().count(),
                                                          base::Duration(hours(24)).count()))))
      continue;
    give = std::max(give, base::Duration(std::chrono::abs(time - cluster.at(*number))));
    if (periods.empty() || periods.back() != *number) periods.push_back(*number);
  }
  if (static_cast<int>(periods.size()) < kLeastTimes || periods.size() * 5 < times.size() * 4)
    return std::nullopt;
  const double share = 2.0 * base::Duration(rhythm.tolerance).count() / base::Duration(rhythm.period).count();
  if (byChance(periods.size(), times.size(), share) > kByChance) return std::nullopt;
  const auto counts = [&](int64_t number) {
    return !rhythm.weekdays || !isWeekend(floorDiv(cluster.at(number).time_since_epoch().count(),
                                                   base::Duration(hours(24)).count()));
  };
  auto last = periods.back();
  while (cluster.at(last + 1) + base::Duration(rhythm.tolerance) < now) ++last;
  int64_t could = 0;
  for (auto number = periods.front(); number <= last; ++number) could += counts(number) ? 1 : 0;
  if (static_cast<double>(periods.size()) < kLeastShare * static_cast<double>(could)) return std::nullopt;
  auto next = last + 1;
  while (!counts(next)) ++next;
  Recurrence out{.period = rhythm.period, .weekdays = rhythm.weekdays, .next = cluster.at(next)};
  out.give = std::max(give, base::Duration(minutes(1)));
  out.came = static_cast<int>(periods.size());
  out.could = static_cast<int>(could);
  out.chance = (out.came + 1.0) / (out.could + 2.0);
  return out;
}

}  // namespace

std::optional<Recurrence> recurrence(std::vector<base::TimePoint> times, base::TimePoint now) {
  std::ranges::sort(times);
  std::erase_if(times, [&](base::TimePoint time) { return time > now; });
  std::vector<base::TimePoint> apart;
  for (const auto time : times) {
    if (apart.empty() || time - apart.back() >= kSame) apart.push_back(time);
  }
  std::optional<Recurrence> best;
  for (const auto& rhythm : rhythms()) {
    const auto found = tried(apart, rhythm, now);
    if (found && (!best || found->chance > best->chance)) best = found;
  }
  return best;
}

}  // namespace aiops::detection
