// How often each value of something came in one run of matches: who tries how often. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/event.h"

namespace aiops::detection {

/// Bounded: for one value too many the one with the fewest records leaves, of several the one that was seen
/// least lately; its records are still counted. So what comes often stays, and no count is too high. A run
/// ends when nothing came for `quiet`.
class ValueTally {
 public:
  /// `with` and `mark` may be empty. Times may be out of order.
  void add(base::TimePoint time, base::Duration quiet, const std::string& value, const std::string& with,
           bool marked);
  /// The most frequent first, of as many the first seen; at most `most`.
  std::vector<model::TallyRow> rows(size_t most = kMostTold) const;
  /// Records of values that are not among rows().
  uint64_t others(size_t most = kMostTold) const;
  bool empty() const { return m_values.empty(); }

  static constexpr size_t kMostValues = 256;
  static constexpr size_t kMostWith = 32;     ///< different companions of one value
  static constexpr size_t kMostTold = 64;     ///< values in an event
  static constexpr size_t kMostWithTold = 8;  ///< companions of one value in an event

 private:
  friend struct WindowJson;

  struct Value {
    uint64_t count = 0;
    uint64_t marked = 0;
    base::TimePoint first;
    base::TimePoint last;
    std::map<std::string, uint64_t> with;
  };
  void makeRoom();

  std::map<std::string, Value> m_values;
  uint64_t m_left = 0;
  base::TimePoint m_last;  ///< the newest record
};

}  // namespace aiops::detection
