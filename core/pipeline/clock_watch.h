// Notices that somebody set the wall clock.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "base/time.h"
#include "model/status.h"

namespace aiops::pipeline {

/// Compares the wall clock with the time since boot, which goes on evenly. Not thread safe.
class ClockWatch {
 public:
  /// By how much the wall clock was put forward (or back: negative) since this was last asked; none when that
  /// is less than base::kClockStep, and the first time.
  std::optional<base::Duration> look(base::Duration sinceBoot, base::TimePoint wall);

 private:
  std::optional<base::TimePoint> m_bootedAt;  ///< by the wall clock when it was last looked at
};

/// What the operator is told of such a step.
model::HealthEvent clockEvent(base::Duration step, base::TimePoint wall);

}  // namespace aiops::pipeline
