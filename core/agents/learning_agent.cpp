// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/learning_agent.h"

#include "agents/incident_record.h"
#include "agents/must.h"
#include "learning/trust.h"

namespace aiops::agents {
namespace {

using model::FixState;

constexpr uint32_t kFixesLookedAt = 200;
constexpr uint32_t kIncidentsLookedAt = 200;

/// Only a fix that ran teaches something.
bool ran(const model::FixProposal& fix) {
  return fix.execution.startedAt &&
         (fix.state == FixState::Succeeded || fix.state == FixState::RolledBack ||
          fix.state == FixState::RollbackFailed || fix.state == FixState::NeedsHuman);
}

model::OutcomeResult resultOf(FixState state) {
  if (state == FixState::Succeeded) return model::OutcomeResult::Worked;
  return state == FixState::RolledBack ? model::OutcomeResult::Undone : model::OutcomeResult::Failed;
}

}  // namespace

LearningAgent::LearningAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("learning", "Learning", {}, clock, health), m_parts(parts) {
  m_parts.bus.subscribe([this](const Message& message) {
    if (const auto* finished = std::get_if<FixFinished>(&message)) {
      post([this, fix = finished->fix] { learn(fix); });
    } else if (const auto* changed = std::get_if<IncidentChanged>(&message)) {
      // Of one that is open something is to be done only if it was remembered: it is open again.
      const auto& incident = changed->incident;
      if (model::isClosed(incident.state) || knows(incident.id))
        post([this, id = incident.id] { lookAgain(id); });
    }
  });
}

bool LearningAgent::knows(const model::IncidentId& id) const {
  return m_parts.memory.knows(id) || m_parts.calibration.knows(id);
}

void LearningAgent::reload() {
  setState(model::AgentState::Idle, "waits for outcomes");
  if (!isEnabled()) return;
  const auto page = must(m_parts.store.fixes({.limit = kFixesLookedAt}));
  for (const auto& fix : page.items) {
    if (ran(fix) && !m_parts.store.outcomeOf(fix.id)) learn(fix);
  }
  const auto incidents = must(m_parts.store.incidents({.limit = kIncidentsLookedAt}));
  for (const auto& incident : incidents.items) {
    if (model::isClosed(incident.state) && !knows(incident.id)) lookAgain(incident.id);
  }
}

/// As it stands in the store now, since several messages may tell of one end.
void LearningAgent::lookAgain(const model::IncidentId& id) {
  if (!isEnabled()) return;
  const auto incident = must(m_parts.store.incident(id.str()));
  remember(incident);
  judge(incident);
}

void LearningAgent::remember(const model::Incident& incident) {
  if (!isRemembered(incident)) {
    if (!m_parts.memory.knows(incident.id)) return;
    must(m_parts.store.transact(
        [&](storage::Writer& writer) { return writer.dropPastIncident(incident.id); }));
    m_parts.knowledge.takeBack(incident.id);
    m_parts.memory.forget(incident.id);
    return m_parts.bus.publish(KnowledgeChanged{});
  }
  auto past = must(pastIncident(m_parts.store, incident));
  must(m_parts.store.transact([&](storage::Writer& writer) { return writer.savePastIncident(past); }));
  m_parts.knowledge.learn(past);
  m_parts.memory.remember(std::move(past));
  m_parts.bus.publish(KnowledgeChanged{});
}

void LearningAgent::judge(const model::Incident& incident) {
  auto judged = must(judgedDiagnosis(m_parts.store, incident));
  if (!judged) {
    if (!m_parts.calibration.knows(incident.id)) return;
    must(m_parts.store.transact(
        [&](storage::Writer& writer) { return writer.dropJudgedDiagnosis(incident.id); }));
    return m_parts.calibration.forget(incident.id);
  }
  must(m_parts.store.transact([&](storage::Writer& writer) { return writer.saveJudgedDiagnosis(*judged); }));
  m_parts.calibration.judge(*std::move(judged));
}

void LearningAgent::learn(const model::FixProposal& fix) {
  if (!isEnabled() || !ran(fix)) return;
  const auto incident = must(m_parts.store.incident(fix.incident.str()));
  const auto diagnosis = m_parts.store.diagnosis(fix.incident);
  const std::string kind =
      diagnosis && !diagnosis->hypotheses.empty() ? diagnosis->hypotheses.front().kind : "unknown";
  const auto ended = fix.execution.endedAt.value_or(clock().now());
  model::Outcome outcome{.id = model::OutcomeId::create(),
                         .fix = fix.id,
                         .incident = fix.incident,
                         .playbookId = fix.plan.playbookId,
                         .context = learning::contextOf(fix.plan.target, kind),
                         .result = resultOf(fix.state),
                         .detail = fix.execution.detail,
                         .checks = fix.execution.checks,
                         .at = clock().now()};
  outcome.timeToRecover = std::chrono::duration_cast<std::chrono::milliseconds>(ended - incident.startedAt);
  outcome = must(m_parts.store.saveOutcome(outcome));
  const auto all = must(m_parts.store.outcomesOf(outcome.playbookId, outcome.context));
  const auto trust = learning::trustFrom(outcome.playbookId, outcome.context, all);
  must(m_parts.store.appendTimeline(
      fix.incident,
      {clock().now(), "outcome", fix.plan.target,
       fix.plan.playbookId + " " + std::string(toString(outcome.result)) + "; " + trust.words}));
  setState(model::AgentState::Idle, "scored " + std::to_string(all.size()) +
                                        (all.size() == 1 ? " outcome of " : " outcomes of ") +
                                        outcome.playbookId);
  m_parts.bus.publish(OutcomeStored{outcome, trust});
  lookAgain(fix.incident);
}

}  // namespace aiops::agents
