// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace aiops::api {

namespace {

constexpr size_t kMostNames = 1024;

}  // namespace

bool RateLimit::take(const std::string& name) {
  if (m_buckets.size() >= kMostNames && !m_buckets.contains(name)) forgetSome();
  auto& bucket = m_buckets.try_emplace(name, Bucket{m_burst, m_clock.sinceBoot()}).first->second;
  bucket = {tokensNow(bucket), m_clock.sinceBoot()};
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

int RateLimit::secondsUntilFree(const std::string& name) const {
  const auto found = m_buckets.find(name);
  if (found == m_buckets.end()) return 1;
  const double missing = 1 - tokensNow(found->second);
  return std::max(1, static_cast<int>(std::ceil(missing * 60 / m_perMinute)));
}

double RateLimit::tokensNow(const Bucket& bucket) const {
  const std::chrono::duration<double, std::ratio<60>> minutes = m_clock.sinceBoot() - bucket.at;
  return std::min(m_burst, bucket.tokens + minutes.count() * m_perMinute);
}

void RateLimit::forgetSome() {
  std::erase_if(m_buckets, [this](const auto& entry) { return tokensNow(entry.second) >= m_burst; });
  if (m_buckets.size() >= kMostNames) m_buckets.clear();
}

}  // namespace aiops::api
