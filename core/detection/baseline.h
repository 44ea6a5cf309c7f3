// The learnt normal of one numeric series, and how far a new value is from it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "base/time.h"
#include "detection/baseline_tail.h"

namespace aiops::detection {

/// What pattern_sensitivity means for every baseline: somebody is told of a value when one at least as
/// unusual comes up by chance with a probability below 10^(-6 / sensitivity) in this series. 1.5 (the
/// default) is 1 in 10,000, 1 is 1 in 1,000,000, 3 is 1 in 100. The probability is the series' own, so one
/// sensitivity holds for all of them. On stationary series alarms are about as rare as that: at most 2 in
/// 10,000 values at 1.5.
inline constexpr double kDefaultSensitivity = 1.5;

/// The alarm (BaselineScore) from which on somebody is told. In (0, 1), falls when `sensitivity` grows. A
/// sensitivity outside of [0.1, 10] counts as the nearest bound.
double alarmThreshold(double sensitivity = kDefaultSensitivity);

/// The score from which on a value is worth a look, in a list or a chart: the square root of the probability
/// above, 1 in 100 at 1.5.
double scoreThreshold(double sensitivity = kDefaultSensitivity);

/// -log10 of a probability on the scale of scores: 0 is 0, 4 (1 in 10,000) is 0.5, never 1.
double scoreOfSurprise(double surprise);

/// The judgement of one value.
struct BaselineScore {
  enum class Direction { Level, Above, Below };

  bool accepted = true;  ///< false: not finite or beyond 1e30; it taught nothing, the rest is empty
  bool warm = false;     ///< false while learning; the score is 0 then
  double score = 0;      ///< in [0, 1); 0 when a recent value was as unusual: a change is told once
  double alarm = 0;      ///< as score, but 0 also for what goes on with a change that was told
  double surprise = 0;   ///< -log10 of the probability of a value this unusual, also when told before
  double expected = 0;   ///< what was foreseen
  double spread = 0;     ///< the usual distance of values from what was foreseen; above 0
  double z = 0;          ///< (value - expected) / spread
  Direction direction = Direction::Level;  ///< of value - expected, Level within one spread
};

/// A streaming scorer. Several forecasts (last values, long-term level, trend, time of day, hour of week,
/// time of day moved to the present level) run side by side and count by their past errors. The forecast's
/// error, its mean over some values, the distance from the long-term level and its mean, values outside of
/// all seen ones, steps of unusual size, unusual calm, a lasting deviation from the season and several
/// distances in a row on one side are each turned into a
/// probability by their own past; so is the sum of them. What is learnt is limited per value, so that
/// outliers don't teach.
///
/// Times give the place in the day and week (UTC) and the interval, which may vary; order is the order of
/// the calls, and an older time is taken as it is. Nothing is scored during the first kWarmUp values.
/// Plain data of some 4 KB without pointers; copies are independent. Deterministic. Not thread safe.
class Baseline {
 public:
  static constexpr int kWarmUp = 100;

  BaselineScore add(base::TimePoint time, double value);

  /// One line of ASCII with version and check sum, about 5 KB, at any moment.
  std::string snapshot() const;
  /// Goes on bit-identically, on a machine of the same byte order. Corrupt: not a snapshot, of another
  /// version, or damaged.
  static base::Result<Baseline> restore(std::string_view snapshot);

 private:
  enum Forecast { Last, Level, Day, Week, DayMoved, Trend, kForecasts };
  enum Statistic {
    Error,
    MeanError,
    MeanDistance,
    Distance,
    Novelty,
    Steps,
    Calm,
    Season,
    Persistence,
    kStatistics
  };
  static constexpr int kDaySlots = 96, kWeekSlots = 168;

  struct State {
    uint64_t count = 0;
    int64_t lastTime = 0;  // microseconds
    double interval = 0;   // seconds
    double last = 0, level = 0, dayShift = 0, trendLevel = 0, trendStep = 0;
    double deviation = 0, step = 0, previous = 0, lowest = 0, highest = 0;
    double meanError = 0, meanDistance = 0, steps = 0, season = 0, recent = 0, told = 0, toldLasting = 0;
    std::array<double, 3> lastDistances{};
    std::array<double, kForecasts> error{}, errors{};  // mean distance, and of how many
    std::array<float, kDaySlots> day{};
    std::array<float, kWeekSlots> week{};
    std::array<uint8_t, kDaySlots> dayCount{};
    std::array<uint8_t, kWeekSlots> weekCount{};
    std::array<BaselineTail, kStatistics> tails{};
    BaselineTail total{};
  };
  static_assert(std::is_trivially_copyable_v<State>);

  /// What one value is judged by before it is learnt.
  struct View;

  View look(base::TimePoint time, double value) const;
  void weigh(View& view) const;
  std::array<double, kStatistics> measure(const View& view);
  double persist(double distance);
  double judge(const std::array<double, kStatistics>& statistics);
  double tellOnce(double surprise);
  double alarmOf(double surprise, double z);
  void learn(base::TimePoint time, const View& view);
  void learnErrors(const View& view);
  void learnLevels(const View& view);
  void learnSeason(const View& view);
  static bool sound(const State& state);

  State m_state;
};

}  // namespace aiops::detection
