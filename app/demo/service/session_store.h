// The memory of the demo's web service: one block of real memory for each session until it expires.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "base/mutex.h"

namespace aiops::demo {

/// Thread safe. Time comes from the caller, so that a test can pass its own.
class SessionStore {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Usage {
    uint64_t usedBytes = 0;
    uint64_t limitBytes = 0;
    bool refusing = false;  ///< a session had to be refused in the last three seconds

    double ratio() const { return static_cast<double>(usedBytes) / static_cast<double>(limitBytes); }
  };

  /// A session lives between half and one and a half times `ttl`, so that those made together don't end
  /// together.
  SessionStore(uint64_t limitBytes, uint64_t sessionBytes, std::chrono::milliseconds ttl, uint64_t seed);

  /// Ends what has expired, then stores one session. False when the limit leaves no room for it.
  bool add(Time now);
  /// Ends what has expired, then says how much is in use.
  Usage usage(Time now);

 private:
  void expire(Time now) AIOPS_REQUIRES(m_mutex);

  const uint64_t m_limitBytes;
  const uint64_t m_sessionBytes;
  const std::chrono::milliseconds m_ttl;
  base::Mutex m_mutex;
  std::multimap<Time, std::vector<char>> m_sessions AIOPS_GUARDED_BY(m_mutex);  ///< by the time they end
  std::minstd_rand m_random AIOPS_GUARDED_BY(m_mutex);
  Time m_refusedUntil AIOPS_GUARDED_BY(m_mutex){};
};

}  // namespace aiops::demo
