// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/clock_watch.h"

#include <utility>

namespace aiops::pipeline {

std::optional<base::Duration> ClockWatch::look(base::Duration sinceBoot, base::TimePoint wall) {
  const auto before = std::exchange(m_bootedAt, wall - sinceBoot);
  if (!before || std::chrono::abs(*m_bootedAt - *before) < base::kClockStep) return std::nullopt;
  return *m_bootedAt - *before;
}

model::HealthEvent clockEvent(base::Duration step, base::TimePoint wall) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::abs(step)).count();
  return {wall, model::Severity::Warning, "clock",
          std::string("the clock of this machine was put ") +
              (step > base::Duration(0) ? "forward" : "back") + " by " + std::to_string(seconds) + " s",
          "Look at what sets it. Deadlines do not follow it; what patterns were counting begins anew when it "
          "was put back."};
}

}  // namespace aiops::pipeline
