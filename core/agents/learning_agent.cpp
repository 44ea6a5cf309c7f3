// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/learning_agent.h"

#include "agents/must.h"
#include "learning/trust.h"

namespace aiops::agents {
namespace {

using model::FixState;

constexpr uint32_t kFixesLookedAt = 200;

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

LearningAgent::LearningAgent(storage::Store& store, Bus& bus, const base::Clock& clock, HealthSink& health)
    : Agent("learning", "Learning", {}, clock, health), m_store(store), m_bus(bus) {
  m_bus.subscribe([this](const Message& message) {
    if (const auto* finished = std::get_if<FixFinished>(&message)) {
      post([this, fix = finished->fix] { learn(fix); });
    }
  });
}

void LearningAgent::reload() {
  setState(model::AgentState::Idle, "waits for outcomes");
  if (!isEnabled()) return;
  const auto page = must(m_store.fixes({.limit = kFixesLookedAt}));
  for (const auto& fix : page.items) {
    if (ran(fix) && !m_store.outcomeOf(fix.id)) learn(fix);
  }
}

void LearningAgent::learn(const model::FixProposal& fix) {
  if (!isEnabled() || !ran(fix)) return;
  const auto incident = must(m_store.incident(fix.incident.str()));
  const auto diagnosis = m_store.diagnosis(fix.incident);
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
  outcome = must(m_store.saveOutcome(outcome));
  const auto all = must(m_store.outcomesOf(outcome.playbookId, outcome.context));
  const auto trust = learning::trustFrom(outcome.playbookId, outcome.context, all);
  must(m_store.appendTimeline(
      fix.incident,
      {clock().now(), "outcome", fix.plan.target,
       fix.plan.playbookId + " " + std::string(toString(outcome.result)) + "; " + trust.words}));
  setState(model::AgentState::Idle, "scored " + std::to_string(all.size()) +
                                        (all.size() == 1 ? " outcome of " : " outcomes of ") +
                                        outcome.playbookId);
  m_bus.publish(OutcomeStored{outcome, trust});
}

}  // namespace aiops::agents
