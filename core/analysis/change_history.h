// Which changes an incident is looked at with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/analyst.h"

namespace aiops::analysis {

inline constexpr std::chrono::hours kChangesBefore{24};
inline constexpr size_t kMostChanges = 200;

/// The incident's services, those that its lines point at, and what all these depend on.
std::set<std::string> servicesAround(const model::Incident& incident, const Blame& blame,
                                     const correlation::Topology& topology);

/// When a service was in trouble.
struct TroubleStart {
  std::string service;
  base::TimePoint at;
};

/// What of `all` belongs to these services or the whole host, from a day before `firstSign` until `until`; by
/// time, the newest kMostChanges. Each says on how many of the two weeks before the same was done at about
/// the same time of day and none of `troubles` followed within the hour.
std::vector<model::Change> changesAround(const std::vector<model::Change>& all,
                                         const std::vector<TroubleStart>& troubles,
                                         const std::set<std::string>& services, base::TimePoint firstSign,
                                         base::TimePoint until);

/// "12 s", "4 min", "3 h".
std::string spanText(base::Duration span);
/// The change as a sentence without its service: "was started with another version, 1.2 to 1.3".
std::string changeText(const model::Change& change);

}  // namespace aiops::analysis
