// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/count_book.h"

namespace aiops::analysis {
namespace {

constexpr int64_t kKept = 3600;  // seconds

int64_t secondOf(base::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

void CountBook::add(const std::string& service, const model::LogRecord& record) {
  const auto second = secondOf(record.eventTime);
  auto& seconds = m_services[service];
  const auto [place, isNew] = seconds.try_emplace(second);
  if (isNew) {
    place->second.service = service;
    place->second.second = second;
  }
  place->second.add(record);
  if (isNew) seconds.erase(seconds.begin(), seconds.lower_bound(seconds.rbegin()->first - kKept));
}

std::vector<model::LineCount> CountBook::of(const std::set<std::string>& services,
                                            base::TimePoint from) const {
  std::vector<model::LineCount> out;
  for (const auto& service : services) {
    const auto found = m_services.find(service);
    if (found == m_services.end()) continue;
    for (auto at = found->second.lower_bound(secondOf(from)); at != found->second.end(); ++at)
      out.push_back(at->second);
  }
  return out;
}

}  // namespace aiops::analysis
