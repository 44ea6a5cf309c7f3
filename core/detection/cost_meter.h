// What each pattern costs, and which cost too much. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace aiops::detection {

/// Each pattern is measured at every 16th record that it is asked about: asking the clock costs more than
/// most patterns. Not thread safe.
class CostMeter {
 public:
  CostMeter(std::chrono::nanoseconds budget, uint32_t overruns) : m_budget(budget), m_overruns(overruns) {}

  void resize(size_t patterns) { m_patterns.resize(patterns); }
  /// The pattern is asked about a record; whether that is measured.
  bool begin(size_t pattern) { return (m_patterns[pattern].candidates++ & 15) == 0; }
  /// The pattern took `time` for a record of `bytes`. True when it has now gone over its budget too often.
  bool add(size_t pattern, std::chrono::nanoseconds time, size_t bytes) {
    auto& one = m_patterns[pattern];
    ++one.measured;
    one.time += time;
    const bool over = time > m_budget * (1 + static_cast<int64_t>(bytes / 1024));
    one.recent = (one.recent << 1) | (over ? 1u : 0u);
    if (over) one.worst = std::max(one.worst, time);
    if (one.over || static_cast<uint32_t>(__builtin_popcount(one.recent)) < m_overruns) return false;
    one.over = true;
    m_fresh.push_back({pattern, one.worst});
    return true;
  }
  bool isOver(size_t pattern) const { return m_patterns[pattern].over; }
  /// Candidates, and the time for all of them as far as the measured ones tell.
  std::pair<uint64_t, std::chrono::nanoseconds> cost(size_t pattern) const {
    const auto& one = m_patterns[pattern];
    if (one.measured == 0) return {one.candidates, std::chrono::nanoseconds(0)};
    const auto mean = static_cast<double>(one.time.count()) / static_cast<double>(one.measured);
    return {one.candidates,
            std::chrono::nanoseconds(static_cast<int64_t>(mean * static_cast<double>(one.candidates)))};
  }
  std::vector<std::pair<size_t, std::chrono::nanoseconds>> takeOverruns() {
    return std::exchange(m_fresh, {});
  }
  /// Goes on with what `other` knows of its pattern `old`.
  void take(size_t pattern, const CostMeter& other, size_t old) {
    m_patterns[pattern] = other.m_patterns[old];
  }

 private:
  struct Pattern {
    uint64_t candidates = 0;
    uint64_t measured = 0;
    std::chrono::nanoseconds time{0};
    std::chrono::nanoseconds worst{0};
    uint32_t recent = 0;  ///< a bit for each of the last 32 measured records: over budget
    bool over = false;
  };

  std::chrono::nanoseconds m_budget;
  uint32_t m_overruns;
  std::vector<Pattern> m_patterns;
  std::vector<std::pair<size_t, std::chrono::nanoseconds>> m_fresh;
};

}  // namespace aiops::detection
