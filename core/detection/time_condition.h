// Conditions on how often something comes, or how a value develops, over event time. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "detection/kinds.h"

namespace aiops::detection {

/// A condition came to hold, or holds still after a whole window.
struct TimeFinding {
  base::TimePoint time;
  std::map<std::string, std::string> captures;  ///< `value`, `usual` and an `explanation` with the figures
  std::string manner{};                         ///< Occurrence::manner
};

/// One condition of one series, in bounded memory. Deterministic; not thread safe. Values are finite.
///
/// The window is cut into equal parts. A part is judged when event time has passed its end by the lateness
/// bound, so that records that come out of order still count. A condition is told when it begins to hold and
/// again after each further window in which it has held.
/// * spike: the newest part holds `threshold` (3) times the mean of the nine before it, and more than four
///   standard deviations of a Poisson process above it; told as soon as the part holds enough. Of a value: a
///   value is `threshold` times the median of the parts before it and beyond six times their median
///   deviation.
/// * sustained_rate: in each part the rate is at least `threshold` a second; there are so many parts, ten at
/// most,
///   that three records are expected in each. Of a value: no value of the window is below `threshold`.
/// * sustained_growth: of all pairs of parts (of 20) the later one is higher in the share `threshold` (0.8)
/// at least
///   (Kendall 1938, Mann 1945), and the median slope (Theil 1950, Sen 1968) makes a tenth of the level over
///   the window.
/// * periodic: five intervals in a row are alike; told when the next beat does not come within a quarter of
/// it.
/// * absence: nothing came for a whole window.
class TimeCondition {
 public:
  virtual ~TimeCondition() = default;

  /// A record at `time`; `value` is 1 where records are counted.
  virtual std::optional<TimeFinding> add(base::TimePoint time, double value) = 0;
  /// Event time has passed `passed` for good. What has come to hold by then, one at a time.
  virtual std::optional<TimeFinding> pass(base::TimePoint passed) = 0;
  /// Before this pass() finds nothing.
  virtual base::TimePoint due() const = 0;

  virtual nlohmann::json snapshot() const = 0;
  /// Throws nlohmann::json::exception.
  virtual void restore(const nlohmann::json& state) = 0;
};

/// `window` and, where the condition has one, `threshold` are set in `kind`. `ofValues`: a value is watched,
/// not a rate.
std::unique_ptr<TimeCondition> makeTimeCondition(const TemporalKind& kind, bool ofValues,
                                                 base::Duration lateness);

}  // namespace aiops::detection
