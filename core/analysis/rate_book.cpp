// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/rate_book.h"

#include <algorithm>

namespace aiops::analysis {
namespace {

constexpr size_t kMostServices = 256;
constexpr int64_t kMostQuarters = 5 * 7 * 96;
constexpr int64_t kQuarter = base::Duration(std::chrono::minutes(15)).count();

}  // namespace

void RateBook::add(const std::string& service, base::TimePoint time, uint32_t lines) {
  const auto quarter = time.time_since_epoch().count() / kQuarter;
  base::MutexLock lock(m_mutex);
  auto known = m_books.find(service);
  if (known == m_books.end()) {
    if (m_books.size() >= kMostServices) return;
    known = m_books.emplace(service, Book{quarter, {}}).first;
  }
  auto& [first, counts] = known->second;
  const auto end = first + static_cast<int64_t>(counts.size());
  if (quarter >= end + kMostQuarters || quarter < first - kMostQuarters) {  // nothing of it is near
    if (quarter < first) return;
    first = quarter;
    counts.clear();
  }
  if (quarter < first) {
    if (end - quarter > kMostQuarters) return;
    counts.insert(counts.begin(), static_cast<size_t>(first - quarter), 0);
    first = quarter;
  }
  if (quarter - first >= static_cast<int64_t>(counts.size()))
    counts.resize(static_cast<size_t>(quarter - first) + 1);
  counts[static_cast<size_t>(quarter - first)] += lines;
  const auto surplus = static_cast<int64_t>(counts.size()) - kMostQuarters;
  if (surplus <= 0) return;
  counts.erase(counts.begin(), counts.begin() + surplus);
  first += surplus;
}

std::vector<detection::SeriesPoint> RateBook::linesOf(const std::string& service) const {
  base::MutexLock lock(m_mutex);
  std::vector<detection::SeriesPoint> points;
  const auto known = m_books.find(service);
  if (known == m_books.end()) return points;
  auto at = known->second.first;
  for (const auto count : known->second.counts)
    points.push_back({base::TimePoint(base::Duration(at++ * kQuarter)), static_cast<double>(count)});
  return points;
}

}  // namespace aiops::analysis
