// What each pattern costs, and which cost too much. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace aiops::detection {

/// Each pattern is measured at every 16th record that it is asked about, and one that stays far below its
/// budget at every 64th: asking the clock costs more than most patterns. Its budget is for all records
/// together, whether it is asked about them or not, block by block. Not thread safe.
class CostMeter {
 public:
  static constexpr uint64_t kBlock = 1024;  ///< records

  /// A pattern is over its budget when it takes more than `budget` for a record, and as much again for each
  /// further KiB of it, on the average of each of `blocks` blocks in a row.
  CostMeter(std::chrono::nanoseconds budget, uint32_t blocks) : m_budget(budget), m_blocks(blocks) {}

  void resize(size_t patterns) { m_patterns.resize(patterns); }
  /// The pattern is asked about a record; whether that is measured.
  bool begin(size_t pattern) { return (m_patterns[pattern].candidates++ % m_patterns[pattern].every) == 0; }
  void add(size_t pattern, std::chrono::nanoseconds time) {
    auto& one = m_patterns[pattern];
    ++one.measured;
    one.time += time;
    ++one.blockMeasured;
    one.blockTime += time;
  }
  /// A record of `bytes` is done. True when a pattern has now been over its budget for too long.
  bool end(size_t bytes) {
    m_allowed += m_budget * (1 + static_cast<int64_t>(bytes / 1024));
    return ++m_records % kBlock == 0 && judge();
  }
  bool isOver(size_t pattern) const { return m_patterns[pattern].over; }
  /// Candidates, and the time for all of them as far as the measured ones tell.
  std::pair<uint64_t, std::chrono::nanoseconds> cost(size_t pattern) const {
    const auto& one = m_patterns[pattern];
    return {one.candidates, scaled(one.time, one.measured, one.candidates)};
  }
  /// Patterns, and what they took for a record.
  std::vector<std::pair<size_t, std::chrono::nanoseconds>> takeOverruns() {
    return std::exchange(m_fresh, {});
  }
  /// Goes on with what `other` knows of its pattern `old`.
  void take(size_t pattern, const CostMeter& other, size_t old) {
    m_patterns[pattern] = other.m_patterns[old];
  }

 private:
  static constexpr uint64_t kOften = 16, kSeldom = 64;
  static constexpr int kFarBelow = 16;  ///< times less than allowed

  struct Pattern {
    uint64_t candidates = 0;
    uint64_t measured = 0;
    uint64_t every = kOften;  ///< candidates from one that is measured to the next
    std::chrono::nanoseconds time{0};
    uint64_t blockBegan = 0;  ///< candidates before this block
    uint64_t blockMeasured = 0;
    std::chrono::nanoseconds blockTime{0};
    uint32_t strikes = 0;  ///< blocks over budget in a row
    bool over = false;
  };

  static std::chrono::nanoseconds scaled(std::chrono::nanoseconds time, uint64_t measured, uint64_t all) {
    if (measured == 0) return std::chrono::nanoseconds(0);
    return std::chrono::nanoseconds(static_cast<int64_t>(
        static_cast<double>(time.count()) / static_cast<double>(measured) * static_cast<double>(all)));
  }
  bool judge() {
    for (size_t i = 0; i < m_patterns.size(); ++i) {
      auto& one = m_patterns[i];
      const auto spent = scaled(one.blockTime, one.blockMeasured, one.candidates - one.blockBegan);
      one.strikes = spent > m_allowed ? one.strikes + 1 : 0;
      if (one.blockMeasured > 0) one.every = spent * kFarBelow < m_allowed ? kSeldom : kOften;
      if (!one.over && one.strikes >= m_blocks) {
        one.over = true;
        m_fresh.emplace_back(i, spent / static_cast<int64_t>(kBlock));
      }
      one.blockBegan = one.candidates;
      one.blockMeasured = 0;
      one.blockTime = std::chrono::nanoseconds(0);
    }
    m_allowed = std::chrono::nanoseconds(0);
    return !m_fresh.empty();
  }

  std::chrono::nanoseconds m_budget;
  uint32_t m_blocks;
  uint64_t m_records = 0;
  std::chrono::nanoseconds m_allowed{0};  ///< to each pattern in this block
  std::vector<Pattern> m_patterns;
  std::vector<std::pair<size_t, std::chrono::nanoseconds>> m_fresh;
};

}  // namespace aiops::detection
