// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/change_history.h"

#include <algorithm>

namespace aiops::analysis {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kNearInTheDay{2};
constexpr int64_t kDays = 14;
constexpr std::chrono::hours kFollows{1};

bool isSame(const model::Change& a, const model::Change& b) {
  return a.kind == b.kind && a.service == b.service && a.source == b.source && a.what == b.what;
}

bool troubleFollowed(const model::Change& change, const std::vector<TroubleStart>& troubles) {
  return std::ranges::any_of(troubles, [&](const auto& trouble) {
    return trouble.service == change.service && trouble.at >= change.at && trouble.at - change.at <= kFollows;
  });
}

/// 1 for the day before, if it was near the same time of that day; 0: it was not.
int64_t daysBefore(const model::Change& earlier, const model::Change& change) {
  const auto apart = change.at - earlier.at;
  const auto days = (apart + kDay / 2) / kDay;
  const auto off = apart - days * kDay;
  return days >= 1 && days <= kDays && std::chrono::abs(off) <= kNearInTheDay ? days : 0;
}

uint32_t routineDays(const model::Change& change, const std::vector<model::Change>& all,
                     const std::vector<TroubleStart>& troubles) {
  std::set<int64_t> well, badly;
  for (const auto& earlier : all) {
    if (!isSame(earlier, change)) continue;
    if (const auto days = daysBefore(earlier, change); days > 0)
      (troubleFollowed(earlier, troubles) ? badly : well).insert(days);
  }
  std::erase_if(well, [&](auto day) { return badly.contains(day); });
  return static_cast<uint32_t>(well.size());
}

}  // namespace

std::set<std::string> servicesAround(const model::Incident& incident, const Blame& blame,
                                     const correlation::Topology& topology) {
  std::set<std::string> out(incident.services.begin(), incident.services.end());
  for (const auto& [event, services] : blame) out.insert(services.begin(), services.end());
  const auto direct = out;
  const auto names = topology.names();
  for (const auto& name : *names) {
    if (std::ranges::any_of(direct, [&](const auto& service) { return topology.dependsOn(service, name); }))
      out.insert(name);
  }
  return out;
}

std::vector<model::Change> changesAround(const std::vector<model::Change>& all,
                                         const std::vector<TroubleStart>& troubles,
                                         const std::set<std::string>& services, base::TimePoint firstSign,
                                         base::TimePoint until) {
  std::vector<model::Change> out;
  for (const auto& change : all) {
    if (change.at + kChangesBefore < firstSign || change.at > until) continue;
    if (change.service.empty() || services.contains(change.service)) out.push_back(change);
  }
  std::ranges::stable_sort(out, {}, &model::Change::at);
  if (out.size() > kMostChanges) out.erase(out.begin(), out.end() - static_cast<long>(kMostChanges));
  for (auto& change : out) change.routineDays = routineDays(change, all, troubles);
  return out;
}

std::string spanText(base::Duration span) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span).count();
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds / 3600) + " h";
}

std::string changeText(const model::Change& change) {
  auto text = change.what;
  if (!change.from.empty() && !change.to.empty()) return text + ", " + change.from + " to " + change.to;
  if (!change.to.empty()) text += ", " + change.to;
  return text;
}

}  // namespace aiops::analysis
