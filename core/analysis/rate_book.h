// How many lines each service wrote in each quarter of an hour of the last five weeks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/time.h"
#include "detection/peak_forecast.h"

namespace aiops::analysis {

/// Kept in memory alone. Event time; lines may come out of order. Bounded: of more than 256 services those
/// that came first are kept. Thread safe.
class RateBook {
 public:
  void add(const std::string& service, base::TimePoint time, uint32_t lines) AIOPS_EXCLUDES(m_mutex);
  /// From the first quarter of an hour to the last; where nothing was written the value is 0.
  std::vector<detection::SeriesPoint> linesOf(const std::string& service) const AIOPS_EXCLUDES(m_mutex);

 private:
  struct Book {
    int64_t first = 0;             ///< number of the first quarter
    std::vector<uint32_t> counts;  ///< from there on
  };
  mutable base::Mutex m_mutex;
  std::map<std::string, Book> m_books AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::analysis
