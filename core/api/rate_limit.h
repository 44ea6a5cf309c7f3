// Token buckets by name, bounded in number.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>

#include "base/time.h"

namespace aiops::api {

/// Each name may do `burst` things at once and `perMinute` in the long run. Not thread safe.
/// When there are too many names, those that have their whole allowance are forgotten, and if that isn't
/// enough all of them: a flood of names must not become a flood of memory.
class RateLimit {
 public:
  RateLimit(double burst, double perMinute, const base::Clock& clock)
      : m_burst(burst), m_perMinute(perMinute), m_clock(clock) {}

  /// Takes one; false when the allowance is used up.
  bool take(const std::string& name);
  /// Seconds until take(name) succeeds again, at least 1.
  int secondsUntilFree(const std::string& name) const;
  size_t size() const { return m_buckets.size(); }

 private:
  struct Bucket {
    double tokens;
    base::Duration at;
  };
  double tokensNow(const Bucket& bucket) const;
  void forgetSome();

  const double m_burst;
  const double m_perMinute;
  const base::Clock& m_clock;
  std::unordered_map<std::string, Bucket> m_buckets;
};

}  // namespace aiops::api
