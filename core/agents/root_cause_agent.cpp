// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/root_cause_agent.h"

#include <algorithm>

#include "agents/must.h"
#include "model/labels.h"

namespace aiops::agents {
namespace {

using model::IncidentState;

constexpr uint32_t kOpenIncidentsTakenUp = 500;

bool isFresh(IncidentState state) {
  return state == IncidentState::Open || state == IncidentState::Investigating;
}

/// An episode fires again while it goes on; the timeline tells of it once.
bool isFirstOfItsKind(const std::vector<model::Event>& events, const model::Event& event) {
  return std::ranges::none_of(events, [&](const auto& other) {
    return other.id != event.id && other.patternId == event.patternId && other.service == event.service &&
           other.key == event.key;
  });
}

constexpr const char* kSettle = "settle_ms";
constexpr const char* kQuiet = "quiet_resolves_minutes";

std::vector<AgentSettingRow> settingRows() {
  return {numberSetting(kSettle, 100, 60'000, 800, "milliseconds",
                        "how long to wait after a sign before the analysts look: others may follow"),
          numberSetting(kQuiet, 1, 1440, 10, "minutes", "an incident without a sign for so long is over")};
}

}  // namespace

RootCauseAgent::RootCauseAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("root_cause", "Root cause", settingRows(), clock, health),
      m_parts(parts),
      m_correlator(parts.topology, {}) {
  m_parts.bus.subscribe([this](const Message& message) {
    if (const auto* stored = std::get_if<EventsStored>(&message)) {
      post([this, events = stored->events] { onEvents(events); });
    } else if (const auto* move = std::get_if<MoveIncident>(&message)) {
      post([this, wanted = *move] { onMove(wanted); });
    }
  });
}

void RootCauseAgent::reload() {
  m_correlator = correlation::Correlator(m_parts.topology, {});
  m_due.clear();
  const auto open = must(m_parts.store.incidents({.limit = kOpenIncidentsTakenUp, .openOnly = true}));
  for (const auto& incident : open.items) {
    m_correlator.restore(incident, must(m_parts.store.eventsOf(incident.id)));
    if (isFresh(incident.state)) m_due[incident.id] = clock().sinceBoot();
  }
  onEvents(must(m_parts.store.unassignedEvents(clock().now() - std::chrono::hours(1))));
  showState();
}

void RootCauseAgent::onEvents(const std::vector<model::Event>& events) {
  if (!isEnabled()) return;  // they wait in the store without an incident
  for (const auto& event : events) {
    if (const auto result = m_correlator.add(event, clock().now())) store(*result, event);
  }
  showState();
}

void RootCauseAgent::store(const correlation::Correlated& result, const model::Event& event) {
  if (result.attached.empty()) return;
  model::Incident incident = result.incident;
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(incident);
    if (!saved) return std::unexpected(saved.error());
    incident = *saved;
    if (result.opened) {
      auto noted = writer.appendTimeline(
          incident.id, {clock().now(), "opened", event.service, "incident opened: " + event.patternName});
      if (!noted) return noted;
    }
    if (!isFirstOfItsKind(*m_correlator.eventsOf(incident.id), event)) {
      return writer.assignEvents(incident.id, result.attached);
    }
    auto noted = writer.appendTimeline(incident.id, {event.first, "event", event.service,
                                                     event.patternName + ", " + std::to_string(event.count) +
                                                         (event.count == 1 ? " line" : " lines")});
    if (!noted) return noted;
    return writer.assignEvents(incident.id, result.attached);
  }));
  m_correlator.update(incident);
  if (isFresh(incident.state))
    m_due.try_emplace(incident.id,
                      clock().sinceBoot() + std::chrono::milliseconds(settings().number(kSettle)));
  m_parts.bus.publish(IncidentChanged{incident});
}

void RootCauseAgent::tick() {
  if (!isEnabled()) return;
  const auto now = clock().sinceBoot();
  std::vector<model::IncidentId> due;
  for (const auto& [id, when] : m_due) {
    if (when <= now) due.push_back(id);
  }
  for (const auto& incident : m_correlator.open()) {
    if (std::ranges::find(due, incident.id) == due.end()) continue;
    m_due.erase(incident.id);
    if (isFresh(incident.state)) diagnose(incident);
  }
  resolveQuiet();
}

void RootCauseAgent::diagnose(const model::Incident& incident) {
  setState(model::AgentState::Active, "investigating " + model::incidentLabel(incident.number));
  const auto* events = m_correlator.eventsOf(incident.id);
  if (events == nullptr) return;
  const analysis::CaseFile file{incident, *events, m_correlator.blameOf(incident.id)};
  const auto diagnosis = m_parts.diagnostician.diagnose(file, clock().now());
  auto updated = incident;
  updated.state = IncidentState::Investigating;
  std::string text = "no cause found yet";
  if (diagnosis.verdict == model::Verdict::Confirmed || diagnosis.verdict == model::Verdict::Likely) {
    const auto& best = diagnosis.hypotheses.front();
    updated.title = best.statement;
    text = std::string("cause ") + std::string(toString(best.verdict)) + ": " + best.statement;
  }
  const auto before = m_parts.store.diagnosis(incident.id);
  const bool news = !before || before->verdict != diagnosis.verdict || updated.title != incident.title;
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(updated);
    if (!saved) return std::unexpected(saved.error());
    updated = *saved;
    auto kept = writer.saveDiagnosis(diagnosis);
    if (!kept || !news) return kept;
    const std::string service = diagnosis.hypotheses.empty() ? "" : diagnosis.hypotheses.front().service;
    return writer.appendTimeline(incident.id, {clock().now(), "diagnosed", service, text});
  }));
  m_correlator.update(updated);
  m_parts.bus.publish(IncidentChanged{updated});
  m_parts.bus.publish(Diagnosed{updated, diagnosis, *events});
  showState();
}

void RootCauseAgent::onMove(const MoveIncident& move) {
  for (const auto& incident : m_correlator.open()) {
    if (incident.id != move.incident) continue;
    auto updated = incident;
    updated.state = move.to;
    updated.falsePositive = move.falsePositive;
    if (move.to == IncidentState::Resolved || move.to == IncidentState::Dismissed)
      updated.endedAt = move.entry.at;
    save(updated, move.entry);
    return;
  }
}

void RootCauseAgent::save(model::Incident incident, const model::TimelineEntry& entry) {
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(incident);
    if (!saved) return std::unexpected(saved.error());
    incident = *saved;
    return writer.appendTimeline(incident.id, entry);
  }));
  m_correlator.update(incident);
  m_parts.bus.publish(IncidentChanged{incident});
  showState();
}

/// Quiet is no proof while a decision or a person is waited for: a dead service is quiet too.
bool RootCauseAgent::needsAttention(const model::Incident& incident) {
  switch (incident.state) {
    case IncidentState::AwaitingApproval:
    case IncidentState::Fixing:
    case IncidentState::Validating:
      return true;
    case IncidentState::Failed:
      return std::ranges::any_of(must(m_parts.store.fixesOf(incident.id)), [](const auto& fix) {
        return fix.state == model::FixState::NeedsHuman || fix.state == model::FixState::RollbackFailed;
      });
    default:
      return false;
  }
}

void RootCauseAgent::resolveQuiet() {
  const std::chrono::minutes quiet(settings().number(kQuiet));
  for (const auto& incident : m_correlator.open()) {
    const auto last = m_correlator.lastEvent(incident.id);
    if (!last || *last + quiet > clock().now() || needsAttention(incident)) continue;
    auto updated = incident;
    updated.state = IncidentState::Resolved;
    updated.endedAt = *last;
    save(updated,
         {clock().now(), "resolved", "", "no sign of it for " + std::to_string(quiet.count()) + " minutes"});
  }
}

void RootCauseAgent::showState() {
  const auto open = m_correlator.open();
  if (open.empty()) return setState(model::AgentState::Idle, "nothing is wrong");
  setState(model::AgentState::Active, "watching " + model::incidentLabel(open.back().number) + " for change");
}

}  // namespace aiops::agents
