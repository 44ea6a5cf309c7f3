// When the next peak comes: from the season of a series, or from the times at which something came before.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

namespace aiops::detection {

struct SeriesPoint {
  base::TimePoint time;
  double value = 0;
};

struct PeakForecast {
  base::TimePoint at;             ///< the middle of the quarter of an hour in which it is foreseen
  base::Duration give{0};         ///< past peaks came so much earlier or later at most
  double expected = 0;            ///< its height, as the mean of a quarter of an hour
  double low = 0, high = 0;       ///< between which 4 of 5 such values lay
  std::chrono::hours period{24};  ///< a day or a week
  int periods = 0;                ///< past ones that it rests on
  double better = 0;              ///< by which share the season errs less than the mean does, 0 to 1
};

/// A forecast, or why there is none.
struct PeakAnswer {
  std::optional<PeakForecast> forecast;
  std::string why;
};

inline constexpr int kLeastPeriods = 3;

/// The next peak within one period after `now`. Values count as means of quarters of an hour (UTC); of a
/// week, of hours. What lies before the last fifteen periods is left out; gaps are allowed up to two fifths
/// of a period. A season is believed when in the past it foresaw each period from those before it better than
/// their mean did by a quarter at least; a peak, when it stands out of the usual errors. `points` in any
/// order.
PeakAnswer forecastPeak(std::span<const SeriesPoint> points, base::TimePoint now);

/// What the season foresees for `time`, one period ahead: for backtests. Nothing where there is no season.
std::optional<double> seasonalValue(std::span<const SeriesPoint> points, base::TimePoint time);

struct Recurrence {
  std::chrono::minutes period{0};
  bool weekdays = false;  ///< each day but Saturday and Sunday
  base::TimePoint next;
  base::Duration give{0};   ///< it came so much earlier or later at most
  int came = 0, could = 0;  ///< in so many of so many periods
  double chance = 0;        ///< that it comes again: what the past says, by Laplace's rule
};

/// Whether times recur with a period of one to twelve hours, a day, each weekday or a week (UTC). Needs four
/// times in different periods; says nothing when chance alone gives as much in 1 of 100 cases, or when it
/// stayed away in more than two fifths of the periods. Times closer together than a quarter of an hour count
/// as one.
std::optional<Recurrence> recurrence(std::vector<base::TimePoint> times, base::TimePoint now);

}  // namespace aiops::detection
