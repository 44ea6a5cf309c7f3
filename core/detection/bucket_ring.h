// Counts and values of the recent past in equal parts of time. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/time.h"

namespace aiops::detection {

/// Parts are numbered from the epoch: the same times give the same parts, whoever looks.
class BucketRing {
 public:
  struct Bucket {
    uint64_t count = 0;
    double sum = 0;
    double least = std::numeric_limits<double>::infinity();

    double mean() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
  };

  BucketRing(base::Duration width, size_t kept)
      : m_width(std::max(width, base::Duration(1))), m_buckets(std::max<size_t>(kept, 2)) {}

  base::Duration width() const { return m_width; }
  int64_t numberOf(base::TimePoint time) const {
    const auto at = time.time_since_epoch().count(), width = m_width.count();
    return at >= 0 ? at / width : -((-at + width - 1) / width);
  }
  base::TimePoint endOf(int64_t number) const { return base::TimePoint((number + 1) * m_width); }
  bool empty() const { return m_newest < m_first; }
  int64_t first() const { return m_first; }  ///< the part with the first record of all
  int64_t newest() const { return m_newest; }

  /// False when the part has left already.
  bool add(base::TimePoint time, double value) {
    const auto number = numberOf(time);
    if (empty()) {
      m_first = number;
      m_newest = number - 1;
    }
    if (number > m_newest) moveTo(number);
    if (number <= m_newest - static_cast<int64_t>(m_buckets.size())) return false;
    m_first = std::min(m_first, number);
    auto& bucket = at(number);
    ++bucket.count;
    bucket.sum += value;
    bucket.least = std::min(bucket.least, value);
    return true;
  }
  /// An empty one for parts without records, or that have left, or are yet to come.
  Bucket operator[](int64_t number) const {
    const bool kept = number <= m_newest && number > m_newest - static_cast<int64_t>(m_buckets.size());
    return kept && !empty() ? m_buckets[indexOf(number)] : Bucket();
  }

  nlohmann::json snapshot() const {
    auto buckets = nlohmann::json::array();
    for (auto number = m_newest - static_cast<int64_t>(m_buckets.size()) + 1; number <= m_newest; ++number) {
      const auto bucket = (*this)[number];
      if (bucket.count > 0) buckets.push_back({number, bucket.count, bucket.sum, bucket.least});
    }
    return {m_first, m_newest, std::move(buckets), m_width.count()};
  }
  /// What was kept of parts of another width is worth nothing.
  void restore(const nlohmann::json& state) {
    if (state.at(3).get<int64_t>() != m_width.count()) return;
    m_first = state.at(0);
    m_newest = state.at(1);
    std::ranges::fill(m_buckets, Bucket());
    for (const auto& stored : state.at(2)) {
      const int64_t number = stored.at(0);
      if (number > m_newest || number <= m_newest - static_cast<int64_t>(m_buckets.size())) continue;
      at(number) = {stored.at(1), stored.at(2), stored.at(3)};
    }
  }

 private:
  size_t indexOf(int64_t number) const {
    const auto size = static_cast<int64_t>(m_buckets.size());
    return static_cast<size_t>(((number % size) + size) % size);
  }
  Bucket& at(int64_t number) { return m_buckets[indexOf(number)]; }
  void moveTo(int64_t number) {
    const auto size = static_cast<int64_t>(m_buckets.size());
    for (auto next = std::max(m_newest + 1, number - size + 1); next <= number; ++next) at(next) = Bucket();
    m_newest = number;
  }

  base::Duration m_width;
  std::vector<Bucket> m_buckets;
  int64_t m_first = 0;
  int64_t m_newest = -1;
};

}  // namespace aiops::detection
