// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/fix_agent.h"

#include <algorithm>

#include "agents/must.h"
#include "learning/trust.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;
using model::FixState;
using model::IncidentState;

constexpr uint32_t kOpenFixesTakenUp = 500;
constexpr std::chrono::seconds kRefreshEvery{2};
constexpr std::chrono::seconds kReviveAfter{1};
constexpr double kWorthProposing = 0.6;

bool isRunning(FixState state) {
  return state == FixState::Running || state == FixState::Validating || state == FixState::RollingBack;
}

std::string fixLabel(const model::FixProposal& fix) {
  std::string digits = std::to_string(fix.number);
  return "FIX-" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::string textOf(FixState state, const std::string& detail) {
  const auto with = [&](const char* text) {
    return detail.empty() ? text : std::string(text) + ": " + detail;
  };
  switch (state) {
    case FixState::Running:
      return "running the approved plan";
    case FixState::Validating:
      return "all steps done, checking the effect";
    case FixState::Succeeded:
      return with("validated");
    case FixState::RollingBack:
      return with("taking everything back");
    case FixState::RolledBack:
      return with("undone");
    case FixState::RollbackFailed:
      return with("the undo failed");
    case FixState::NeedsHuman:
      return with("a person must look");
    case FixState::Stale:
      return with("the plan is void");
    case FixState::Expired:
      return with("expired, not approved");
    default:
      return std::string(toString(state));
  }
}

}  // namespace

FixAgent::FixAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("fix_executor", "Fix executor", clock, health), m_parts(std::move(parts)) {
  m_validationWorker = std::make_unique<base::Worker>("validation", 4);
  m_parts.bus.subscribe([this](const Message& message) { onMessage(message); });
}

FixAgent::~FixAgent() {
  if (m_validation) m_validation->cancel();
}

void FixAgent::onMessage(const Message& message) {
  if (const auto* diagnosed = std::get_if<Diagnosed>(&message)) {
    post([this, news = *diagnosed] { propose(news); });
  } else if (const auto* lesson = std::get_if<OutcomeStored>(&message)) {
    post([this, learnt = *lesson] { noteLesson(learnt); });
  } else if (const auto* changed = std::get_if<IncidentChanged>(&message)) {
    if (!model::isClosed(changed->incident.state)) return;
    post([this, id = changed->incident.id] {
      m_diagnosed.erase(id);
      const auto copy = m_active;
      for (const auto& [hash, fix] : copy) {
        if (fix.incident == id && fix.state == FixState::Proposed)
          applyState(fix, FixState::Expired, "the incident ended");
      }
    });
  }
}

// proposing

bool FixAgent::mayPropose(const Diagnosed& diagnosed) {
  const auto verdict = diagnosed.diagnosis.verdict;
  if (verdict != model::Verdict::Confirmed && verdict != model::Verdict::Likely) return false;
  if (diagnosed.diagnosis.hypotheses.front().confidence < kWorthProposing) return false;
  return std::ranges::none_of(
      m_active, [&](const auto& item) { return item.second.incident == diagnosed.incident.id; });
}

void FixAgent::propose(const Diagnosed& diagnosed) {
  m_diagnosed.insert_or_assign(diagnosed.incident.id, diagnosed);
  if (!mayPropose(diagnosed)) return;
  const auto& best = diagnosed.diagnosis.hypotheses.front();
  const auto earlier = must(m_parts.store.fixesOf(diagnosed.incident.id));
  for (const auto* playbook : remediation::playbooksFor(m_parts.playbooks, best)) {
    const bool tried = std::ranges::any_of(earlier, [&](const auto& fix) {
      return fix.plan.playbookId == playbook->id && fix.state != FixState::Stale;
    });
    if (tried) continue;
    const auto planned = remediation::makePlan(
        {*playbook, diagnosed.incident, best, diagnosed.events, m_parts.inventory, m_parts.policy},
        remediation::systemWorld(m_parts.policy));
    if (planned) return saveProposal(diagnosed, *playbook, *planned);
    must(m_parts.store.appendTimeline(
        diagnosed.incident.id, {clock().now(), "no_fix", best.service,
                                "playbook " + playbook->id + " does not fit: " + planned.error().line()}));
  }
}

void FixAgent::saveProposal(const Diagnosed& diagnosed, const remediation::Playbook& playbook,
                            const remediation::PlannedFix& planned) {
  const auto& best = diagnosed.diagnosis.hypotheses.front();
  const auto context = learning::contextOf(best.service, best.kind);
  const auto trust =
      learning::trustFrom(playbook.id, context, must(m_parts.store.outcomesOf(playbook.id, context)));
  model::FixProposal fix{.id = model::FixId::create(),
                         .incident = diagnosed.incident.id,
                         .title = planned.title,
                         .fixKind = planned.fixKind,
                         .plan = planned.plan,
                         .planHash = planned.planHash,
                         .proposedAt = clock().now(),
                         .why = best.statement,
                         .whyConfidence = best.confidence,
                         .reaches = planned.reaches,
                         .unsure = planned.unsure,
                         .history = trust.words};
  fix.expiresAt = fix.proposedAt + remediation::approvalLifetime(fix.plan.risk);
  fix.execution.steps.resize(fix.plan.steps.size());
  save(fix, "proposed", fix.title + " (" + std::string(toString(fix.plan.risk)) + " risk)");
  m_active.insert_or_assign(fix.planHash, fix);
  moveIncident(fix);
  showState();
}

// deciding

void FixAgent::approve(std::string who, std::string id, std::string planHash, FixReply reply) {
  const bool taken = post([this, who, id, planHash, reply] { reply(decide(who, id, planHash)); });
  if (!taken) reply(fail(ErrorCode::Unavailable, "the fix agent takes no decisions now", id, "try again"));
}

void FixAgent::reject(std::string who, std::string id, std::string reason, FixReply reply) {
  const bool taken = post([this, who, id, reason, reply] { reply(decline(who, id, reason)); });
  if (!taken) reply(fail(ErrorCode::Unavailable, "the fix agent takes no decisions now", id, "try again"));
}

base::Result<model::FixProposal> FixAgent::decide(const std::string& who, const std::string& id,
                                                  const std::string& planHash) {
  auto fix = m_parts.store.fix(id);
  if (!fix) return fix;
  if (fix->state != FixState::Proposed) {
    return fail(ErrorCode::Conflict, "the fix is " + std::string(toString(fix->state)) + ", not proposed",
                fixLabel(*fix));
  }
  if (planHash != fix->planHash) {
    return fail(ErrorCode::Stale, "the plan is now " + fix->planHash.substr(0, 12), fixLabel(*fix),
                "look at it again and approve that one");
  }
  const auto bytes = model::canonicalBytes(fix->plan);
  const auto approved =
      m_parts.executor.approve(bytes, planHash, who, "approved plan " + planHash.substr(0, 8));
  if (!approved) return std::unexpected(approved.error());
  fix->state = FixState::Approved;
  fix->decisions.push_back({.who = who, .what = "approved", .at = clock().now()});
  save(*fix, "approved", who + " approved plan " + planHash.substr(0, 8));
  m_active.insert_or_assign(planHash, *fix);
  const auto started = execute(*fix);
  if (!started) return std::unexpected(started.error());
  return m_parts.store.fix(fix->id.str());
}

base::Result<> FixAgent::execute(model::FixProposal& fix) {
  const auto started = m_parts.executor.execute(model::canonicalBytes(fix.plan), fix.planHash);
  if (started) return {};
  const auto& error = started.error();
  const bool busy = error.code == ErrorCode::Conflict && std::ranges::any_of(m_active, [](const auto& item) {
                      return isRunning(item.second.state);
                    });
  if (busy) return {};  // retryApproved() comes back to it
  const auto state = error.code == ErrorCode::Timeout ? FixState::Expired : FixState::Stale;
  const auto incident = fix.incident;
  applyState(fix, state, error.line());
  const auto found = m_diagnosed.find(incident);
  if (found != m_diagnosed.end() && error.code == ErrorCode::Stale) propose(Diagnosed(found->second));
  return started;
}

base::Result<model::FixProposal> FixAgent::decline(const std::string& who, const std::string& id,
                                                   const std::string& reason) {
  auto fix = m_parts.store.fix(id);
  if (!fix) return fix;
  if (fix->state != FixState::Proposed && fix->state != FixState::Approved) {
    return fail(ErrorCode::Conflict,
                "the fix is " + std::string(toString(fix->state)) + ", it can't be rejected", fixLabel(*fix));
  }
  const auto voided = m_parts.executor.reject(fix->planHash, who, reason);
  if (!voided) return std::unexpected(voided.error());
  fix->state = FixState::Rejected;
  fix->decisions.push_back({.who = who, .what = "rejected", .reason = reason, .at = clock().now()});
  save(*fix, "rejected", who + " rejected it: " + reason);
  m_active.erase(fix->planHash);
  moveIncident(*fix);
  showState();
  return fix;
}

// running

remediation::ExecutorClient::Callbacks FixAgent::executorCallbacks() {
  return {.onEvent =
              [this](const remediation::ExecutorEvent& event) {
                post([this, event] { onExecutorEvent(event); });
              },
          .onLost =
              [this](const std::string& why) {
                post([this, why] {
                  m_lost = true;
                  m_reviveAt = clock().sinceBoot() + kReviveAfter;
                  health().report(model::Severity::Error, "executor", "the executor ended: " + why,
                                  "it is being started again; a fix that was running is recovered");
                  base::MutexLock lock(m_stateMutex);
                  m_automation.executorReady = false;
                  m_automation.executorProblem = why;
                });
              }};
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
  if (isRunning(state) && !fix.execution.startedAt) fix.execution.startedAt = clock().now();
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
    health().report(model::Severity::Critical, "fix", fixLabel(fix) + ": " + textOf(state, detail),
                    fix.plan.target + " is locked for automation until a person has looked");
  }
  if (model::isFinal(state) && fix.execution.startedAt) m_parts.bus.publish(FixFinished{fix});
  showState();
}

void FixAgent::moveIncident(const model::FixProposal& fix) {
  std::optional<IncidentState> to;
  switch (fix.state) {
    case FixState::Proposed:
      to = IncidentState::AwaitingApproval;
      break;
    case FixState::Running:
      to = IncidentState::Fixing;
      break;
    case FixState::Validating:
      to = IncidentState::Validating;
      break;
    case FixState::Succeeded:
      to = IncidentState::Resolved;
      break;
    case FixState::RolledBack:
    case FixState::RollbackFailed:
    case FixState::NeedsHuman:
      to = IncidentState::Failed;
      break;
    case FixState::Rejected:
    case FixState::Expired:
    case FixState::Stale:
      to = IncidentState::Investigating;
      break;
    default:
      break;
  }
  if (!to) return;
  m_parts.bus.publish(MoveIncident{
      fix.incident,
      *to,
      {clock().now(), "state", fix.plan.target, fixLabel(fix) + " " + std::string(toString(fix.state))}});
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
  const auto open = must(m_parts.store.fixes({.limit = kOpenFixesTakenUp, .openOnly = true}));
  for (const auto& fix : open.items) m_active.insert_or_assign(fix.planHash, fix);
  const auto status = m_parts.executor.recover();
  if (status) {
    reconcile(*status);
  } else {
    m_lost = !m_parts.executor.connected();
    health().report(model::Severity::Error, "executor", status.error().line(),
                    "no fix can run until it answers");
  }
  showState();
}

void FixAgent::reconcile(const remediation::ExecutorStatus& status) {
  setExecutorStatus(status);
  for (const auto& run : status.runs) {
    auto* fix = active(run.planHash);
    if (fix == nullptr) continue;
    if (!run.steps.empty()) fix->execution.steps = run.steps;
    if (run.state == FixState::Validating) fix->state = FixState::Running;  // so that it is validated again
    if (fix->state != run.state) applyState(*fix, run.state, run.detail);
  }
}

void FixAgent::setExecutorStatus(const remediation::ExecutorStatus& status) {
  if (status.auditSequence > 0) {
    const auto noted = m_parts.store.noteAuditHead(status.auditSequence, status.auditHash);
    if (!noted) {
      health().report(model::Severity::Critical, "audit", noted.error().line(),
                      "run `ai-ops-core audit verify`; the audit file may have been cut or replaced");
    }
  }
  base::MutexLock lock(m_stateMutex);
  m_automation = {.stopped = status.stopped,
                  .by = status.stoppedBy,
                  .reason = status.stopReason,
                  .since = status.stoppedSince,
                  .executorReady = status.sandboxProblem.empty(),
                  .executorProblem = status.sandboxProblem};
}

void FixAgent::reviveExecutor() {
  if (!m_lost || clock().sinceBoot() < m_reviveAt) return;
  m_reviveAt = clock().sinceBoot() + 5 * kReviveAfter;
  const auto born = m_parts.executor.respawn();
  if (!born) {
    health().report(model::Severity::Error, "executor", born.error().line(),
                    "no fix can run until it is back");
    return;
  }
  m_lost = false;
  const auto status = m_parts.executor.recover();
  if (status) reconcile(*status);
}

// housekeeping

void FixAgent::tick() {
  reviveExecutor();
  if (clock().sinceBoot() < m_nextRefresh) return;
  m_nextRefresh = clock().sinceBoot() + kRefreshEvery;
  expireOld();
  retryApproved();
  refreshAutomation();
}

void FixAgent::expireOld() {
  const auto copy = m_active;
  for (const auto& [hash, fix] : copy) {
    if (fix.state == FixState::Proposed && fix.expiresAt <= clock().now()) {
      applyState(fix, FixState::Expired, "nobody decided in time");
    }
  }
}

void FixAgent::retryApproved() {
  const auto copy = m_active;
  for (auto [hash, fix] : copy) {
    if (m_lost || fix.state != FixState::Approved) continue;
    const bool busy =
        std::ranges::any_of(m_active, [](const auto& item) { return isRunning(item.second.state); });
    if (!busy && !automation().stopped) (void)execute(fix);  // its failure is stored and shown with the fix
  }
}

void FixAgent::refreshAutomation() {
  if (m_lost) return;
  const auto before = automation();
  const auto status = m_parts.executor.status();
  if (!status) return;
  setExecutorStatus(*status);
  if (before.stopped != status->stopped) m_parts.bus.publish(AutomationChanged{});
}

base::Result<> FixAgent::stopAutomation(const std::string& who, const std::string& reason) {
  const auto stopped = m_parts.executor.stop(who, reason);
  post([this] { refreshAutomation(); });
  m_parts.bus.publish(AutomationChanged{});
  if (!stopped) return stopped;
  base::MutexLock lock(m_stateMutex);
  m_automation.stopped = true;
  m_automation.by = who;
  m_automation.reason = reason;
  m_automation.since = clock().now();
  return {};
}

base::Result<> FixAgent::resumeAutomation(const std::string& who, const std::string& reason) {
  const auto resumed = m_parts.executor.resume(who, reason);
  post([this] { refreshAutomation(); });
  if (!resumed) return resumed;
  {
    base::MutexLock lock(m_stateMutex);
    m_automation.stopped = false;
    m_automation.by = who;
    m_automation.reason = reason;
    m_automation.since = clock().now();
  }
  m_parts.bus.publish(AutomationChanged{});
  return {};
}

base::Result<> FixAgent::audit(model::AuditEntry entry) {
  entry.at = clock().now();
  const auto written = m_parts.executor.audit(entry);
  if (!written) return std::unexpected(written.error());
  return {};
}

model::AutomationState FixAgent::automation() const {
  base::MutexLock lock(m_stateMutex);
  return m_automation;
}

void FixAgent::showState() {
  for (const auto& [hash, fix] : m_active) {
    if (isRunning(fix.state))
      return setState(model::AgentState::Active, std::string(toString(fix.state)) + " " + fixLabel(fix));
  }
  for (const auto& [hash, fix] : m_active) {
    if (fix.state == FixState::Proposed) {
      return setState(model::AgentState::Waiting, "waits for a decision on " + fixLabel(fix));
    }
  }
  setState(model::AgentState::Idle, "nothing to fix");
}

}  // namespace aiops::agents
