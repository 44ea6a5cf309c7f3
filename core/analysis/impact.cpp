// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/impact.h"

#include <algorithm>
#include <map>
#include <set>

namespace aiops::analysis {
namespace {

constexpr std::chrono::minutes kLooksBack{10};
constexpr uint64_t kLeastRequests = 20;  // fewer say little about a share
constexpr double kMany = 0.25, kSome = 0.01;
constexpr uint32_t kManyServices = 3;

double shareOf(const model::Impact& impact) {
  return impact.requests == 0 ? 0
                              : static_cast<double>(impact.failures) / static_cast<double>(impact.requests);
}

}  // namespace

model::Impact impactOf(const CaseFile& file, base::TimePoint until) {
  const auto from = std::max(file.incident.startedAt, until - kLooksBack);
  const auto first = std::chrono::floor<std::chrono::seconds>(from).time_since_epoch().count();
  const auto last = std::chrono::ceil<std::chrono::seconds>(until).time_since_epoch().count();
  std::map<std::string, model::Impact> services;
  for (const auto& count : file.counts) {
    if (count.second < first || count.second > last || count.requests == 0) continue;
    auto& impact = services[count.service];
    impact.service = count.service;
    impact.requests += count.requests;
    impact.failures += count.failures;
  }
  model::Impact worst;
  for (const auto& [service, impact] : services) {
    const bool tells = impact.requests >= kLeastRequests;
    if (tells && (worst.service.empty() || shareOf(impact) > shareOf(worst))) worst = impact;
  }
  std::set<std::string> failing;
  for (const auto& event : file.events) {
    if (event.severity >= model::Severity::Error) failing.insert(event.service);
  }
  worst.failing = static_cast<uint32_t>(failing.size());
  return worst;
}

model::Severity severityOf(const model::Impact& impact) {
  if (impact.service.empty())
    return impact.failing >= kManyServices ? model::Severity::Critical : model::Severity::Warning;
  if (shareOf(impact) >= kMany) return model::Severity::Critical;
  return shareOf(impact) >= kSome ? model::Severity::Error : model::Severity::Warning;
}

}  // namespace aiops::analysis
