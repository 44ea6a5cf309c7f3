// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/overview_data.h"

#include <algorithm>
#include <map>

namespace aiops::ui {
namespace {

using namespace std::chrono_literals;

constexpr size_t kLeastCases = 3;
constexpr int kMostLayers = 12;

Need decisionNeed(const EngineBridge& bridge, const model::FixProposal& fix) {
  Need need{.id = fix.id.str(),
            .title = fix.title,
            .sentence = fix.why,
            .confidence = fix.whyConfidence,
            .risk = fix.plan.risk,
            .irreversible = fix.plan.irreversible,
            .expiresAt = fix.expiresAt};
  if (const auto* summary = bridge.incident(fix.incident.str())) {
    need.severity = summary->incident.severity;
    need.incidentNumber = summary->incident.number;
    need.verdict = summary->verdict;
    need.confidence = summary->confidence;
    if (need.sentence.empty()) need.sentence = summary->incident.title;
  }
  return need;
}

void addFaults(std::vector<Need>& needs, const model::EngineStatus& status, base::TimePoint now) {
  for (const auto& source : status.sources) {
    if (source.readable) continue;
    needs.push_back({.kind = Need::Kind::Fault,
                     .id = "source " + source.source,
                     .severity = model::Severity::Warning,
                     .title = source.source,
                     .sentence = source.problem,
                     .remedy = source.service});
  }
  for (const auto& event : status.health) {
    if (event.part == "source" || event.severity < model::Severity::Warning || now - event.at > 10min)
      continue;
    needs.push_back({.kind = Need::Kind::Fault,
                     .id = event.part + " " + event.what,
                     .severity = event.severity,
                     .title = event.part + ": " + event.what,
                     .sentence = event.remedy});
  }
}

using Places = std::map<std::string, size_t>;

size_t place(std::vector<ServiceNode>& nodes, Places& places, const std::string& name) {
  const auto [known, fresh] = places.try_emplace(name, nodes.size());
  if (fresh) nodes.push_back({.name = name, .health = ServiceHealth::NoLogs});
  return known->second;
}

/// Longest way from a service nobody depends on; bounded, so that a circle ends.
void setLayers(std::vector<ServiceNode>& nodes) {
  for (int round = 0; round < kMostLayers; ++round) {
    bool moved = false;
    for (const auto& node : nodes) {
      for (const size_t below : node.dependsOn) {
        if (nodes[below].layer > node.layer || node.layer + 1 >= kMostLayers) continue;
        nodes[below].layer = node.layer + 1;
        moved = true;
      }
    }
    if (!moved) return;
  }
}

void markIncident(std::vector<ServiceNode>& nodes, Places& places, const service::Investigation& open) {
  for (const auto& name : open.incident.services)
    nodes[place(nodes, places, name)].health = ServiceHealth::Failing;
  const auto& diagnosis = open.diagnosis;
  const bool known =
      diagnosis.verdict == model::Verdict::Confirmed || diagnosis.verdict == model::Verdict::Likely;
  if (known && !diagnosis.hypotheses.empty()) {
    nodes[place(nodes, places, diagnosis.hypotheses.front().service)].health = ServiceHealth::RootCause;
  }
}

void addDecisions(std::vector<Happening>& list, const model::FixProposal& fix) {
  for (const auto& decision : fix.decisions) {
    const bool approved = decision.what == "approved";
    list.push_back({.kind = approved ? Happening::Kind::Approved : Happening::Kind::Rejected,
                    .at = decision.at,
                    .title = fix.title,
                    .detail = decision.reason.empty() ? decision.who : decision.who + ": " + decision.reason,
                    .target = fix.id.str(),
                    .isFix = true,
                    .number = fix.number});
  }
}

Happening outcomeHappening(const EngineBridge& bridge, const model::Outcome& outcome) {
  Happening happening{.at = outcome.at,
                      .title = outcome.playbookId,
                      .detail = outcome.detail,
                      .target = outcome.fix.str(),
                      .isFix = true};
  switch (outcome.result) {
    case model::OutcomeResult::Worked:
      happening.kind = Happening::Kind::Worked;
      break;
    case model::OutcomeResult::Undone:
      happening.kind = Happening::Kind::Undone;
      break;
    case model::OutcomeResult::Failed:
      happening.kind = Happening::Kind::Failed;
      break;
  }
  if (const auto* fix = bridge.fix(outcome.fix.str())) {
    happening.title = fix->title;
    happening.number = fix->number;
  }
  return happening;
}

void addControl(std::vector<Happening>& list, const model::AuditEntry& entry) {
  const bool stopped = entry.what == "automation.stop";
  if (!stopped && entry.what != "automation.resume") return;
  list.push_back({.kind = stopped ? Happening::Kind::Stopped : Happening::Kind::Resumed,
                  .at = entry.at,
                  .title = {},
                  .detail = entry.why.empty() ? entry.who : entry.who + ": " + entry.why});
}

}  // namespace

std::vector<Need> needsOf(const EngineBridge& bridge, base::TimePoint now) {
  std::vector<Need> needs;
  for (const auto* fix : bridge.waiting()) needs.push_back(decisionNeed(bridge, *fix));
  addFaults(needs, bridge.status(), now);
  return needs;
}

std::vector<ServiceNode> serviceMap(const model::EngineStatus& status, const service::Investigation* open) {
  std::vector<ServiceNode> nodes;
  Places places;
  for (const auto& service : status.services) place(nodes, places, service.name);
  for (const auto& service : status.services) {
    for (const auto& below : service.dependsOn) {
      const size_t to = place(nodes, places, below);
      nodes[places.at(service.name)].dependsOn.push_back(to);
      if (std::ranges::find(service.learnt, below) != service.learnt.end())
        nodes[places.at(service.name)].learnt.insert(to);
    }
  }
  for (const auto& source : status.sources) {
    if (!source.service.empty() && source.readable) {
      nodes[place(nodes, places, source.service)].health = ServiceHealth::Healthy;
    }
  }
  if (open != nullptr) markIncident(nodes, places, *open);
  setLayers(nodes);
  return nodes;
}

Figures figuresOf(const EngineBridge& bridge, base::TimePoint now) {
  Figures figures{.perDay = std::vector<double>(7, 0.0)};
  for (const auto& row : bridge.incidents()) {
    if (!model::isClosed(row.incident.state)) ++figures.open;
    const auto days = std::chrono::floor<std::chrono::days>(now - row.incident.startedAt).count();
    if (days < 0 || days >= 7) continue;
    ++figures.lastWeek;
    figures.perDay[static_cast<size_t>(6 - days)] += 1;
  }
  std::vector<std::chrono::milliseconds> times;
  for (const auto& outcome : bridge.outcomes()) {
    if (outcome.result == model::OutcomeResult::Worked) times.push_back(outcome.timeToRecover);
  }
  for (auto time = times.rbegin(); time != times.rend(); ++time) {
    figures.recoverTimes.push_back(static_cast<double>(time->count()) / 1000.0);
  }
  if (times.size() >= kLeastCases) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    figures.recover = times[times.size() / 2];
  }
  figures.worked = bridge.status().worked;
  figures.tried = bridge.status().outcomes;
  return figures;
}

std::vector<std::array<uint32_t, 3>> incidentsPerHour(const EngineBridge::Summaries& incidents,
                                                      base::TimePoint now) {
  std::vector<std::array<uint32_t, 3>> hours(24);
  for (const auto& row : incidents) {
    const auto ago = std::chrono::floor<std::chrono::hours>(now - row.incident.startedAt).count();
    if (ago < 0 || ago >= 24) continue;
    const auto severity = row.incident.severity;
    const size_t kind = severity == model::Severity::Critical ? 2
                        : severity == model::Severity::Error  ? 1
                                                              : 0;
    ++hours[static_cast<size_t>(23 - ago)][kind];
  }
  return hours;
}

std::vector<Happening> recently(const EngineBridge& bridge, size_t limit) {
  std::vector<Happening> list;
  for (const auto& row : bridge.incidents()) {
    list.push_back({.kind = Happening::Kind::Opened,
                    .at = row.incident.detectedAt,
                    .title = row.incident.title,
                    .target = row.incident.id.str(),
                    .number = row.incident.number});
  }
  for (const auto& fix : bridge.fixes()) addDecisions(list, fix);
  for (const auto& outcome : bridge.outcomes()) list.push_back(outcomeHappening(bridge, outcome));
  for (const auto& entry : bridge.audit()) addControl(list, entry);
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
  if (list.size() > limit) list.resize(limit);
  return list;
}

}  // namespace aiops::ui
