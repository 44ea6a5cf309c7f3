// Lines per span of time, by severity, of the newest part of the log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/log_counts.h"
#include "models/log_model.h"

namespace aiops::ui {

/// Bars of `bucket` each from `from`, which lies on a multiple of `bucket`. Empty without lines that carry a
/// time.
struct LogHistogram {
  base::TimePoint from;
  std::chrono::seconds bucket{1};
  std::vector<LogBar> bars;
};

/// Counts the lines of the chosen service (any level) in the last `window` before the newest line, in at most
/// `mostBars` bars of a round width. Takes as long as there are seconds in it, however many lines.
LogHistogram histogramOf(const LogModel& model, std::chrono::seconds window, int mostBars);

/// The first shown line at or after a moment, by event time.
std::optional<uint64_t> firstLineAt(const LogModel& model, base::TimePoint time);

}  // namespace aiops::ui
