// The run of a fix as the engine sees it: events of the executor, validation, recovery.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "agents/fix_agent.h"
#include "agents/fix_words.h"
#include "agents/must.h"
#include "model/labels.h"

namespace aiops::agents {
namespace {

using model::FixState;

constexpr uint32_t kOpenTakenUp = 500;
constexpr std::chrono::seconds kReviveAfter{1};

/// Only what has been claimed comes here, also when it ended before its first step and nobody saw it run.
bool hasRun(FixState state) {
  return isRunning(state) || state == FixState::Succeeded || state == FixState::RolledBack ||
         state == FixState::RollbackFailed || state == FixState::NeedsHuman;
}

}  // namespace

// running

remediation::ExecutorClient::Callbacks FixAgent::executorCallbacks() {
  return {.onEvent =
              [this](const remediation::ExecutorEvent& event) {
                post([this, event] { onExecutorEvent(event); });
              },
          .onLost = [this](const std::string& why) { post([this, why] { onExecutorLost(why); }); }};
}

model::FixProposal* FixAgent::active(const std::string& planHash) {
  const auto found = m_active.find(planHash);
  return found == m_active.end() ? nullptr : &found->second;
}

void FixAgent::onExecutorEvent(const remediation::ExecutorEvent& event) {
  auto* fix = active(event.planHash);
  if (fix == nullptr) return;
  using Kind = remediation::ExecutorEvent::Kind;
  if (event.kind == Kind::State) return applyState(*fix, event.state, event.detail);
  const auto index = static_cast<size_t>(event.step);
  if (event.step < 0 || index >= fix->plan.steps.size()) return;
  fix->execution.steps.resize(fix->plan.steps.size());
  if (event.kind == Kind::Output) {
    fix->execution.steps[index].output += event.detail;
    return;
  }
  fix->execution.steps[index] = event.progress;
  std::string text = fix->plan.steps[index].title + ": " + std::string(toString(event.progress.state));
  if (!event.progress.detail.empty()) text += ", " + event.progress.detail;
  save(*fix, "step", text);
}

void FixAgent::applyState(model::FixProposal fix, FixState state, const std::string& detail) {
  const bool known = fix.state == state;
  fix.state = state;
  if (!detail.empty()) fix.execution.detail = detail;
  if (hasRun(state) && !fix.execution.startedAt) {
    fix.execution.startedAt = clock().now();
    m_lastRuns.insert_or_assign(fix.plan.target, clock().sinceBoot());
  }
  if (model::isFinal(state)) fix.execution.endedAt = clock().now();
  if (known && !model::isFinal(state)) return;
  save(fix, state == FixState::Succeeded ? "validated" : std::string(toString(state)), textOf(state, detail));
  if (model::isFinal(state)) {
    m_active.erase(fix.planHash);
  } else {
    m_active.insert_or_assign(fix.planHash, fix);
  }
  if (state != FixState::Validating && m_validation && m_validating == fix.planHash) m_validation->cancel();
  if (state == FixState::Validating) startValidation(fix);
  moveIncident(fix);
  if (state == FixState::NeedsHuman || state == FixState::RollbackFailed) {
    health().report(model::Severity::Critical, "fix",
                    model::fixLabel(fix.number) + ": " + textOf(state, detail),
                    fix.plan.target + " is locked for automation until a person has looked");
  }
  if (model::isFinal(state) && fix.execution.startedAt) m_parts.bus.publish(FixFinished{fix});
  showState();
}

void FixAgent::moveIncident(const model::FixProposal& fix) {
  const auto to = incidentStateFor(fix.state);
  if (!to) return;
  m_parts.bus.publish(MoveIncident{fix.incident,
                                   *to,
                                   {clock().now(), "state", fix.plan.target,
                                    model::fixLabel(fix.number) + " " + std::string(toString(fix.state))}});
}

void FixAgent::save(model::FixProposal& fix, const std::string& kind, const std::string& text) {
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveFix(fix);
    if (!saved) return std::unexpected(saved.error());
    fix = *saved;
    return writer.appendTimeline(fix.incident, {clock().now(), kind, fix.plan.target, text});
  }));
  m_parts.bus.publish(FixChanged{fix});
}

// validating

void FixAgent::startValidation(const model::FixProposal& fix) {
  if (m_validation) m_validation->cancel();
  const auto hash = fix.planHash;
  m_validating = hash;
  m_validation = std::make_shared<remediation::Validation>(fix.plan.validators, m_parts.validation, clock());
  const bool taken = m_validationWorker->post([this, hash, validation = m_validation] {
    const auto verdict = validation->run([this, hash](const std::vector<model::CheckProgress>& checks) {
      post([this, hash, checks] { onChecks(hash, checks); });
    });
    post([this, hash, verdict] { onVerdict(hash, verdict); });
  });
  if (!taken) onVerdict(hash, {.detail = "the validation could not be started"});
}

void FixAgent::onChecks(const std::string& planHash, const std::vector<model::CheckProgress>& checks) {
  auto* fix = active(planHash);
  if (fix == nullptr || fix->state != FixState::Validating) return;
  fix->execution.checks = checks;
  must(m_parts.store.saveFix(*fix));
  m_parts.bus.publish(FixChanged{*fix});
}

void FixAgent::onVerdict(const std::string& planHash, const remediation::ValidationVerdict& verdict) {
  auto* fix = active(planHash);
  if (verdict.cancelled || fix == nullptr || fix->state != FixState::Validating) return;
  fix->execution.checks = verdict.checks;
  save(*fix, "check", verdict.detail);
  const auto told = m_parts.executor.verdict(planHash, verdict.ok, verdict.detail);
  if (!told)
    health().report(model::Severity::Error, "executor", told.error().line(), "the fix will be undone");
}

/// What was learnt stands beside the fix that taught it.
void FixAgent::noteLesson(const OutcomeStored& lesson) {
  auto fix = must(m_parts.store.fix(lesson.outcome.fix.str()));
  fix.history = lesson.trust.words;
  fix = must(m_parts.store.saveFix(fix));
  m_parts.bus.publish(FixChanged{fix});
}

// recovery

void FixAgent::reload() {
  m_active.clear();
  m_diagnosed.clear();
  m_advised.clear();
  const auto open = must(m_parts.store.fixes({.limit = kOpenTakenUp, .openOnly = true}));
  for (const auto& fix : open.items) m_active.insert_or_assign(fix.planHash, fix);
  auto status = m_parts.executor.recover();
  // It is at work: then it was this agent that failed, and what is asked for is where the run stands.
  if (!status && status.error().code == base::ErrorCode::Conflict) status = m_parts.executor.statusOfRuns();
  if (status) {
    reconcile(*status);
  } else {
    m_lost = !m_parts.executor.connected();
    health().report(model::Severity::Error, "executor", status.error().line(),
                    "no fix can run until it answers");
  }
  alignIncidents();
  showState();
}

/// A fix and its incident are stored one after the other: what an end between the two has left is put right.
void FixAgent::alignIncidents() {
  const auto open = must(m_parts.store.incidents({.limit = kOpenTakenUp, .openOnly = true}));
  for (const auto& incident : open.items) {
    const auto fixes = must(m_parts.store.fixesOf(incident.id));
    const auto newest = std::ranges::max_element(fixes, {}, &model::FixProposal::number);
    if (newest == fixes.end()) continue;
    const auto wanted = incidentStateFor(newest->state);
    if (wanted && *wanted != incident.state) moveIncident(*newest);
  }
}

/// The fix of a run that may still change. A dying executor can call a person for a run that its successor
/// takes back: what the store holds as final is then not the end.
model::FixProposal* FixAgent::unsettled(const remediation::RunReport& run) {
  if (auto* fix = active(run.planHash)) return fix;
  if (run.state == FixState::NeedsHuman) return nullptr;
  const auto stored = m_parts.store.fixByPlanHash(run.planHash);
  if (!stored || stored->state != FixState::NeedsHuman) return nullptr;
  return &m_active.insert_or_assign(run.planHash, *stored).first->second;
}

void FixAgent::reconcile(const remediation::ExecutorStatus& status) {
  setExecutorStatus(status);
  for (const auto& run : status.runs) {
    auto* fix = unsettled(run);
    if (fix == nullptr) continue;
    if (!run.steps.empty()) fix->execution.steps = run.steps;
    if (fix->decisions.empty())  // the engine ended before it had heard that the approval was taken
      fix->decisions.push_back({.who = run.approvedBy, .what = "approved", .at = clock().now()});
    if (run.state == FixState::Validating) fix->state = FixState::Running;  // so that it is validated again
    if (fix->state != run.state) applyState(*fix, run.state, run.detail);
  }
}

void FixAgent::setExecutorStatus(const remediation::ExecutorStatus& status) {
  if (status.auditSequence > 0 && status.auditSequence != m_auditNoted) {
    const auto noted = m_parts.store.noteAuditHead(status.auditSequence, status.auditHash);
    const std::string problem = noted ? "" : noted.error().line();
    if (noted) m_auditNoted = status.auditSequence;
    if (!problem.empty() && problem != m_auditProblem) {
      health().report(model::Severity::Critical, "audit", problem,
                      "run `ai-ops-core audit verify`; the audit file may have been cut or replaced");
    }
    m_auditProblem = problem;
  }
  base::MutexLock lock(m_stateMutex);
  m_automation = {.stopped = status.stopped,
                  .by = status.stoppedBy,
                  .reason = status.stopReason,
                  .since = status.stoppedSince,
                  .executorReady = status.sandboxProblem.empty(),
                  .executorProblem = status.sandboxProblem};
}

void FixAgent::onExecutorLost(const std::string& why) {
  health().report(model::Severity::Error, "executor", "the executor ended: " + why,
                  "it is being started again; a fix that was running is recovered");
  if (m_parts.executor.connected()) return;  // there is a new one already
  m_lost = true;
  m_reviveAt = clock().sinceBoot() + kReviveAfter;
  base::MutexLock lock(m_stateMutex);
  m_automation.executorReady = false;
  m_automation.executorProblem = why;
}

/// What was decided while there was no executor to write it down.
void FixAgent::auditOwed() {
  std::vector<model::AuditEntry> owed;
  {
    base::MutexLock lock(m_stateMutex);
    owed.swap(m_owed);
  }
  for (const auto& entry : owed) {
    const auto written = m_parts.executor.audit(entry);
    if (written) continue;
    health().report(model::Severity::Error, "audit", written.error().line(),
                    entry.what + " by " + entry.who + " is missing from the audit chain");
  }
}

void FixAgent::reviveExecutor() {
  if (!m_lost && !m_parts.executor.connected()) onExecutorLost("its connection is closed");
  if (!m_lost || clock().sinceBoot() < m_reviveAt) return;
  m_reviveAt = clock().sinceBoot() + 5 * kReviveAfter;
  const auto born = m_parts.executor.respawn();
  if (!born) {
    health().report(model::Severity::Error, "executor", born.error().line(),
                    "no fix can run until it is back");
    return;
  }
  m_lost = false;
  auditOwed();
  const auto status = m_parts.executor.recover();
  if (status) return reconcile(*status);
  m_lost = true;
  health().report(model::Severity::Error, "executor", status.error().line(), "it is asked again in a moment");
}

}  // namespace aiops::agents
