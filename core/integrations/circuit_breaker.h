// Leaves a service alone for a while after it has failed again and again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

#include "base/time.h"

namespace aiops::integrations {

struct BreakerLimits {
  int failures = 5;  ///< in a row
  std::chrono::seconds rest{60};
};

/// Closed: all may pass. After `failures` in a row it is open for `rest`; then one call may pass, whose
/// result decides. Times are those since boot. Not thread safe.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(BreakerLimits limits) : m_limits(limits) {}

  /// How long nothing may be asked; zero: now.
  base::Duration restsFor(base::Duration now) const { return std::max(base::Duration(0), m_until - now); }
  void succeeded() { m_failures = 0; }
  void failed(base::Duration now) {
    if (++m_failures >= m_limits.failures) rest(now, m_limits.rest);
  }
  /// Nothing is asked for `time`, as the service wishes, but not longer than the usual rest.
  void rest(base::Duration now, base::Duration time) {
    m_until = std::max(m_until, now + std::min<base::Duration>(time, m_limits.rest));
  }

 private:
  const BreakerLimits m_limits;
  int m_failures = 0;
  base::Duration m_until{0};
};

}  // namespace aiops::integrations
