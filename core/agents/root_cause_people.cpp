// What people say of incidents: cause, reopen, merge, split.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "agents/must.h"
#include "agents/root_cause_agent.h"
#include "model/labels.h"

namespace aiops::agents {

using model::IncidentState;

namespace {

/// A fix began after it was asked: what it acts on stays as it is.
bool isBeingFixed(const model::Incident& incident) {
  return incident.state == IncidentState::Fixing || incident.state == IncidentState::Validating;
}

}  // namespace

void RootCauseAgent::onCause(const StateCause& stated) {
  auto incident = must(m_parts.store.incident(stated.incident.str()));
  if (incident.state == IncidentState::Dismissed) return;
  incident.knownCause = stated.cause;
  save(incident, {stated.cause.at, "cause", stated.cause.service, stated.text});
}

/// It is quiet from now on at the earliest: what was reopened does not end by itself at once.
void RootCauseAgent::onReopen(const ReopenIncident& wanted) {
  auto incident = must(m_parts.store.incident(wanted.incident.str()));
  if (!model::isClosed(incident.state) || !incident.mergedInto.empty()) return;
  incident.state = IncidentState::Investigating;
  incident.endedAt.reset();
  incident.falsePositive = false;
  incident.reopenedAt = wanted.at;
  m_correlator.reopen(incident, must(m_parts.store.eventsOf(incident.id)));
  m_due[incident.id] = clock().sinceBoot();
  save(incident, {wanted.at, "reopened", "", wanted.text});
}

void RootCauseAgent::onMerge(const MergeIncidents& wanted) {
  auto from = must(m_parts.store.incident(wanted.from.str()));
  if (isBeingFixed(from) || isBeingFixed(must(m_parts.store.incident(wanted.into.str())))) return;
  const auto merged = m_correlator.merge(wanted.from, wanted.into);
  if (!merged) return;
  auto into = merged->into;
  const auto now = clock().now();
  from.state = IncidentState::Dismissed;
  from.endedAt = now;
  from.mergedInto = into.id;
  from.eventCount = 0;
  const auto all = must(m_parts.store.eventsOf(from.id));
  std::vector<model::EventId> moved;
  for (const auto& event : all) moved.push_back(event.id);
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(into);
    if (!saved) return std::unexpected(saved.error());
    into = *saved;
    if (auto ended = writer.saveIncident(from); !ended) return std::unexpected(ended.error());
    auto done = writer.moveEvents(from.id, into.id, moved);
    if (done) done = writer.moveTimeline(from.id, into.id);
    if (done) {
      done = writer.appendTimeline(
          from.id, {now, "merged", "", wanted.who + " merged it into " + model::incidentLabel(into.number)});
    }
    if (!done) return done;
    return writer.appendTimeline(
        into.id,
        {now, "merged", "", wanted.who + " merged " + model::incidentLabel(from.number) + " into it"});
  }));
  m_due.erase(from.id);
  m_parts.bus.publish(
      WithdrawFixes{from.id, "the incident was merged into " + model::incidentLabel(into.number)});
  m_parts.bus.publish(IncidentChanged{from});
  diagnoseAnew(into);
}

void RootCauseAgent::onSplit(const SplitIncident& wanted) {
  const auto moves = [&](const model::Event& event) {
    return std::ranges::find(wanted.services, event.service) != wanted.services.end() ||
           std::ranges::find(wanted.events, event.id) != wanted.events.end();
  };
  if (isBeingFixed(must(m_parts.store.incident(wanted.from.str())))) return;
  const auto now = clock().now();
  const auto split = m_correlator.split(wanted.from, wanted.fresh, moves, now);
  if (!split) return;
  auto rest = split->rest, fresh = split->fresh;
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto opened = writer.saveIncident(fresh);
    if (!opened) return std::unexpected(opened.error());
    fresh = *opened;
    if (auto saved = writer.saveIncident(rest); !saved) return std::unexpected(saved.error());
    auto done = writer.moveEvents(rest.id, fresh.id, split->taken);
    if (done) {
      done = writer.appendTimeline(
          rest.id, {now, "split", "",
                    wanted.who + " made " + model::incidentLabel(fresh.number) + " of a part of it"});
    }
    if (!done) return done;
    return writer.appendTimeline(
        fresh.id, {now, "opened", "", wanted.who + " split it from " + model::incidentLabel(rest.number)});
  }));
  m_parts.bus.publish(
      WithdrawFixes{rest.id, "a part of the incident is " + model::incidentLabel(fresh.number) + " now"});
  diagnoseAnew(rest);
  diagnoseAnew(fresh);
}

/// Its events are others than they were, whatever its state. Somebody works on it: it is quiet from now on at
/// the earliest.
void RootCauseAgent::diagnoseAnew(const model::Incident& incident) {
  m_correlator.update(incident);
  if (const auto last = m_correlator.lastEvent(incident.id)) {
    m_quietFrom[incident.id] = {std::max(*last, incident.reopenedAt.value_or(*last)), clock().sinceBoot()};
  }
  m_due[incident.id] = clock().sinceBoot();  // where it is not looked at now
  m_parts.bus.publish(IncidentChanged{incident});
  if (!isEnabled()) return;
  m_due.erase(incident.id);
  diagnose(incident);
}

}  // namespace aiops::agents
