// The analysts that blame a service and have no opinion on what happened to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <set>

#include "analysis/analyst.h"
#include "analysis/case_view.h"

namespace aiops::analysis {
namespace {

/// Trouble of `service`, and the event that shows it first.
struct Sign {
  std::string service;
  const model::Event* event = nullptr;
};

/// The first sign of each service, earliest first; an event that points at others is a sign of these.
std::vector<Sign> signsOf(const CaseView& view) {
  std::vector<Sign> signs;
  const auto add = [&](const std::string& service, const model::Event* event) {
    if (std::ranges::find(signs, service, &Sign::service) == signs.end()) signs.push_back({service, event});
  };
  for (const auto* event : view.events()) {
    if (!CaseView::trouble(*event)) continue;
    for (const auto& blamed : view.blamed(*event)) add(blamed, event);
    add(event->service, event);
  }
  return signs;
}

/// Who complains of whom, with the events that do.
using Complaints = std::map<std::string, std::map<std::string, const model::Event*>>;

Complaints complaintsOf(const CaseView& view) {
  Complaints out;
  for (const auto* event : view.events()) {
    if (!CaseView::trouble(*event) || event->severity < model::Severity::Error) continue;
    auto& of = out[event->service];
    if (!view.blamed(*event).empty()) of.try_emplace(view.blamed(*event).front(), event);
  }
  return out;
}

/// Without those that only relay: a proxy that names nobody tells of what is behind it. If there is nobody
/// else, it is meant itself.
Complaints withoutRelays(const Complaints& all) {
  auto out = all;
  std::erase_if(out, [](const auto& entry) {
    return entry.second.empty() && correlation::roleOf(entry.first) == correlation::Role::Proxy;
  });
  return out.empty() ? all : out;
}

/// The services where following complaints ends, from `service`.
void follow(const Complaints& complaints, const std::string& service, std::set<std::string>& seen,
            std::set<std::string>& ends) {
  if (!seen.insert(service).second) return;
  const auto found = complaints.find(service);
  if (found == complaints.end() || found->second.empty()) {
    ends.insert(service);
    return;
  }
  for (const auto& [target, event] : found->second) follow(complaints, target, seen, ends);
}

}  // namespace

std::vector<Claim> OrderInTimeAnalyst::analyse(const CaseFile& file) const {
  const CaseView view(file, m_topology);
  const auto signs = signsOf(view);
  if (signs.empty()) return {};
  const auto& origin = originOf(
      signs, kTimeResolution, m_topology, [](const auto& sign) -> auto& { return sign.service; },
      [](const auto& sign) { return sign.event->first; });
  const auto explained = static_cast<size_t>(std::ranges::count_if(
      signs, [&](const auto& s) { return m_topology.explains(origin.service, s.service); }));
  Claim claim{.service = origin.service, .confidence = 0.55};
  if (explained == signs.size()) claim.confidence = signs.size() > 1 ? 0.8 : 0.65;
  claim.statement = origin.service + " failed first";
  claim.note =
      std::to_string(explained) + " of " + std::to_string(signs.size()) + " affected services explained";
  cite(claim.evidence, *origin.event, 1, "first sign");
  for (const auto& sign : signs) {
    if (sign.event == origin.event || !m_topology.explains(origin.service, sign.event->service)) continue;
    cite(claim.evidence, *sign.event, 1,
         delayText(std::max(base::Duration(0), sign.event->first - origin.event->first)));
  }
  return {claim};
}

std::vector<Claim> DependencyAnalyst::analyse(const CaseFile& file) const {
  const CaseView view(file, m_topology);
  const auto complaints = withoutRelays(complaintsOf(view));
  std::map<std::string, int> ends;
  for (const auto& [service, of] : complaints) {
    std::set<std::string> seen, reached;
    follow(complaints, service, seen, reached);
    for (const auto& end : reached) ++ends[end];
  }
  std::vector<Claim> claims;
  for (const auto& [service, count] : ends) {
    const double share = static_cast<double>(count) / static_cast<double>(complaints.size());
    Claim claim{.service = service,
                .statement = service + " is where the complaints end",
                .confidence = 0.3 + 0.55 * share,
                .note = std::to_string(count) + " of " + std::to_string(complaints.size()) +
                        " complaining services lead to it"};
    for (const auto& [complainer, of] : complaints) {
      if (const auto found = of.find(service); found != of.end()) {
        cite(claim.evidence, *found->second, 1, complainer + " complains of it");
      }
    }
    if (claim.evidence.empty()) {
      for (const auto* sign : view.firstSigns()) {
        if (sign->service == service) cite(claim.evidence, *sign, 1, "complains of nobody else");
      }
    }
    claims.push_back(std::move(claim));
  }
  return claims;
}

}  // namespace aiops::analysis
