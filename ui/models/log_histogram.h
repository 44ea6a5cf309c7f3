// Lines per span of time, by severity, of the newest part of the log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "models/log_model.h"

namespace aiops::ui {

/// One bar. The three counts don't overlap.
struct LogBar {
  uint32_t info = 0;  ///< debug and info
  uint32_t warning = 0;
  uint32_t error = 0;  ///< error and critical
  uint32_t all() const { return info + warning + error; }
};

/// Bars of `bucket` each from `from`, which lies on a multiple of `bucket`. Empty without lines that carry a
/// time.
struct LogHistogram {
  base::TimePoint from;
  std::chrono::seconds bucket{1};
  std::vector<LogBar> bars;
};

/// Counts the lines of the chosen service (any level) in the last `window` before the newest line, in at most
/// `mostBars` bars of a round width.
LogHistogram histogramOf(const LogModel& model, std::chrono::seconds window, int mostBars);

/// The first shown line at or after a moment, by event time.
std::optional<uint64_t> firstLineAt(const LogModel& model, base::TimePoint time);

}  // namespace aiops::ui
