// What each service wrote in each second of the last while, kept in memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/log_line.h"

namespace aiops::analysis {

/// Of the newest hour of event time of each service. Not thread safe.
class CountBook {
 public:
  void add(const std::string& service, const model::LogRecord& record);
  /// Of these services, from `from` on; by service and time.
  std::vector<model::LineCount> of(const std::set<std::string>& services, base::TimePoint from) const;

 private:
  std::map<std::string, std::map<int64_t, model::LineCount>> m_services;
};

}  // namespace aiops::analysis
