// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/fix_agent.h"

#include <algorithm>

#include "agents/fix_words.h"
#include "agents/must.h"
#include "learning/trust.h"
#include "model/labels.h"
#include "remediation/stop_control.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;
using model::FixState;

constexpr std::chrono::seconds kRefreshEvery{2};
/// Answers a decision once, also when its task fails or is dropped.
class Answer {
 public:
  explicit Answer(FixAgent::FixReply reply) : m_reply(std::move(reply)) {}
  ~Answer() {
    if (m_reply)
      m_reply(fail(ErrorCode::Unavailable, "the fix agent could not finish this", "",
                   "look at the fix, then decide again"));
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  void give(base::Result<model::FixProposal> result) { std::exchange(m_reply, {})(std::move(result)); }

 private:
  FixAgent::FixReply m_reply;
};

}  // namespace

FixAgent::FixAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("fix_executor", "Fix executor", settingRows(parts.policy), clock, health),
      m_parts(std::move(parts)) {
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
  } else if (const auto* withdrawn = std::get_if<WithdrawFixes>(&message)) {
    post([this, wanted = *withdrawn] { withdraw(wanted.incident, FixState::Stale, wanted.why); });
  } else if (const auto* changed = std::get_if<IncidentChanged>(&message)) {
    if (!model::isClosed(changed->incident.state)) return;
    post([this, id = changed->incident.id] {
      m_diagnosed.erase(id);
      std::erase_if(m_advised, [&](const auto& told) { return told.first == id; });
      withdraw(id, FixState::Expired, "the incident ended");
    });
  }
}

/// What waits for a decision is no longer offered.
void FixAgent::withdraw(const model::IncidentId& incident, FixState to, const std::string& why) {
  const auto copy = m_active;
  for (const auto& [hash, fix] : copy) {
    if (fix.incident == incident && fix.state == FixState::Proposed) applyState(fix, to, why);
  }
}

// proposing

bool FixAgent::mayPropose(const Diagnosed& diagnosed) {
  const auto verdict = diagnosed.diagnosis.verdict;
  if (verdict != model::Verdict::Confirmed && verdict != model::Verdict::Likely) return false;
  const auto& best = diagnosed.diagnosis.hypotheses.front();
  if (best.confidence < minimumConfidence() || m_parts.silences.holdsAllOf(best.service)) return false;
  return std::ranges::none_of(
      m_active, [&](const auto& item) { return item.second.incident == diagnosed.incident.id; });
}

void FixAgent::propose(const Diagnosed& diagnosed) {
  m_diagnosed.insert_or_assign(diagnosed.incident.id, diagnosed);
  if (!isEnabled() || !mayPropose(diagnosed)) return;
  const auto& best = diagnosed.diagnosis.hypotheses.front();
  const auto earlier = must(m_parts.store.fixesOf(diagnosed.incident.id));
  for (const auto* playbook : remediation::playbooksFor(m_parts.playbooks, best)) {
    const bool tried = std::ranges::any_of(earlier, [&](const auto& fix) {
      return fix.plan.playbookId == playbook->id && fix.state != FixState::Stale &&
             fix.state != FixState::Expired;
    });
    if (tried) continue;
    if (playbook->isByHand()) {
      advise(diagnosed, *playbook);
      continue;
    }
    const auto planned = remediation::makePlan(
        {*playbook, diagnosed.incident, best, diagnosed.events, m_parts.inventory, m_parts.policy},
        planningWorld());
    if (planned) return saveProposal(diagnosed, *playbook, *planned);
    must(m_parts.store.appendTimeline(
        diagnosed.incident.id, {clock().now(), "no_fix", best.service,
                                "playbook " + playbook->id + " does not fit: " + planned.error().line()}));
  }
}

/// Once an incident, however often it is diagnosed and whoever was told before this start.
void FixAgent::advise(const Diagnosed& diagnosed, const remediation::Playbook& playbook) {
  const auto& service = diagnosed.diagnosis.hypotheses.front().service;
  const model::TimelineEntry entry{clock().now(), "advice", service,
                                   remediation::adviceOf(playbook, service).text()};
  if (!m_advised.emplace(diagnosed.incident.id, entry.text).second) return;
  const auto known = must(m_parts.store.timeline(diagnosed.incident.id));
  if (std::ranges::find(known, entry.text, &model::TimelineEntry::text) != known.end()) return;
  must(m_parts.store.appendTimeline(diagnosed.incident.id, entry));
}

/// Files are read here; the state of a unit is the executor's to tell, which may need a process.
remediation::PlanningWorld FixAgent::planningWorld() {
  auto world = remediation::systemWorld(m_parts.policy);
  world.bind = [this](const model::ServiceEntry& service, const std::string& verb,
                      const model::Facts& arguments, std::chrono::milliseconds timeout) {
    return m_parts.executor.bind(service.name, verb, arguments, timeout);
  };
  world.observe = [this](const model::ServiceEntry& service) {
    return m_parts.executor.observe(service.name);
  };
  return world;
}

base::Result<model::DryRun> FixAgent::dryRun(const std::string& id) {
  const auto fix = m_parts.store.fix(id);
  if (!fix) return std::unexpected(fix.error());
  if (fix->state != FixState::Proposed && fix->state != FixState::Approved) {
    return fail(ErrorCode::Conflict, "the fix is " + std::string(toString(fix->state)) + ": nothing to try",
                model::fixLabel(fix->number));
  }
  return m_parts.executor.dryRun(model::canonicalBytes(fix->plan), fix->planHash);
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
  m_expires.insert_or_assign(fix.planHash,
                             clock().sinceBoot() + remediation::approvalLifetime(fix.plan.risk));
  moveIncident(fix);
  showState();
  runAloneIfEarned(fix, diagnosed, playbook);
}

// deciding

void FixAgent::approve(std::string who, std::string id, std::string planHash, FixReply reply) {
  const auto answer = std::make_shared<Answer>(std::move(reply));
  post([this, who, id, planHash, answer] { answer->give(decide(who, id, planHash)); });
}

void FixAgent::reject(std::string who, std::string id, std::string reason, FixReply reply) {
  const auto answer = std::make_shared<Answer>(std::move(reply));
  post([this, who, id, reason, answer] { answer->give(decline(who, id, reason)); });
}

base::Result<model::FixProposal> FixAgent::decide(const std::string& who, const std::string& id,
                                                  const std::string& planHash) {
  auto fix = m_parts.store.fix(id);
  if (!fix) return fix;
  if (!isEnabled()) {
    return fail(ErrorCode::Conflict, "the fix executor is disabled", model::fixLabel(fix->number),
                "enable it first");
  }
  if (fix->state != FixState::Proposed) {
    return fail(ErrorCode::Conflict, "the fix is " + std::string(toString(fix->state)) + ", not proposed",
                model::fixLabel(fix->number));
  }
  if (planHash != fix->planHash) {
    return fail(ErrorCode::Stale, "the plan is now " + fix->planHash.substr(0, 12),
                model::fixLabel(fix->number), "look at it again and approve that one");
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
  if (started) {
    applyState(fix, FixState::Running, {});  // before its event comes: retryApproved() must not ask again
    return {};
  }
  const auto& error = started.error();
  const bool busy = error.code == ErrorCode::Conflict && std::ranges::any_of(m_active, [](const auto& item) {
                      return isRunning(item.second.state);
                    });
  if (busy) return {};  // retryApproved() comes back to it
  if (outcomeUnknown(fix.planHash)) return {};
  const auto state = error.code == ErrorCode::Timeout ? FixState::Expired : FixState::Stale;
  const auto incident = fix.incident;
  applyState(fix, state, error.line());
  const auto found = m_diagnosed.find(incident);
  if (found != m_diagnosed.end() && error.code == ErrorCode::Stale) propose(Diagnosed(found->second));
  return started;
}

/// The request did not succeed, yet the plan may have been claimed before the answer was lost: then its state
/// is the executor's to tell, now or when it has been started again.
bool FixAgent::outcomeUnknown(const std::string& planHash) {
  const auto status = m_parts.executor.statusOfRuns();
  if (!status) return true;
  const auto run = std::ranges::find(status->runs, planHash, &remediation::RunReport::planHash);
  if (run == status->runs.end() || run->state == FixState::Approved) return false;
  reconcile(*status);
  return true;
}

base::Result<model::FixProposal> FixAgent::decline(const std::string& who, const std::string& id,
                                                   const std::string& reason) {
  auto fix = m_parts.store.fix(id);
  if (!fix) return fix;
  if (fix->state != FixState::Proposed && fix->state != FixState::Approved) {
    return fail(ErrorCode::Conflict,
                "the fix is " + std::string(toString(fix->state)) + ", it can't be rejected",
                model::fixLabel(fix->number));
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

// housekeeping

void FixAgent::tick() {
  reviveExecutor();
  if (clock().sinceBoot() < m_nextRefresh) return;
  m_nextRefresh = clock().sinceBoot() + kRefreshEvery;
  expireOld();
  retryApproved();
  refreshAutomation();
}

/// The time since boot decides: whoever sets the clock neither ends a proposal nor prolongs it.
void FixAgent::expireOld() {
  const auto now = clock().sinceBoot();
  std::erase_if(m_expires, [&](const auto& item) { return !m_active.contains(item.first); });
  const auto copy = m_active;
  for (const auto& [hash, fix] : copy) {
    if (fix.state != FixState::Proposed) continue;
    const auto left = std::clamp<base::Duration>(fix.expiresAt - clock().now(), base::Duration(0),
                                                 remediation::approvalLifetime(fix.plan.risk));
    const auto expires = m_expires.try_emplace(hash, now + left).first->second;
    if (expires <= now) {
      applyState(fix, FixState::Expired, "nobody decided in time");
    } else {
      followClock(fix, expires - now);
    }
  }
}

/// What is shown as the end of the proposal is by the wall clock, which may have been set.
void FixAgent::followClock(model::FixProposal fix, base::Duration left) {
  const auto shown = clock().now() + left;
  if (std::chrono::abs(fix.expiresAt - shown) < base::kClockStep) return;
  fix.expiresAt = shown;
  m_active.insert_or_assign(fix.planHash, fix);
  must(m_parts.store.saveFix(fix));
  m_parts.bus.publish(FixChanged{fix});
}

void FixAgent::retryApproved() {
  const auto copy = m_active;
  for (auto [hash, fix] : copy) {
    if (m_lost || fix.state != FixState::Approved) continue;
    const bool busy =
        std::ranges::any_of(m_active, [](const auto& item) { return isRunning(item.second.state); });
    if (isEnabled() && !busy && !automation().stopped)
      (void)execute(fix);  // its failure is stored and shown with the fix
  }
}

void FixAgent::refreshAutomation() {
  if (m_lost) return;
  auditOwed();
  const auto before = automation();
  const auto status = m_parts.executor.status();
  if (!status) return;
  setExecutorStatus(*status);
  if (before.stopped != status->stopped) m_parts.bus.publish(AutomationChanged{});
}

base::Result<> FixAgent::stopAutomation(const std::string& who, const std::string& reason) {
  auto stopped = m_parts.executor.stop(who, reason);
  if (!stopped && stopped.error().code == ErrorCode::Unavailable) stopped = stopWithoutExecutor(who, reason);
  post([this] { refreshAutomation(); });
  if (stopped) noteStop(who, reason);
  return stopped;
}

/// The stop file is what counts: the executor that comes next finds it before it does anything.
base::Result<> FixAgent::stopWithoutExecutor(const std::string& who, const std::string& reason) {
  const auto now = clock().now();
  const auto written = remediation::StopControl(m_parts.stopFile).stop({who, reason, now});
  if (!written) return written;
  base::MutexLock lock(m_stateMutex);
  m_owed.push_back({.at = now, .who = who, .what = "automation.stop", .why = reason, .result = "stopped"});
  return {};
}

void FixAgent::noteStop(const std::string& who, const std::string& reason) {
  {
    base::MutexLock lock(m_stateMutex);
    m_automation.stopped = true;
    m_automation.by = who;
    m_automation.reason = reason;
    m_automation.since = clock().now();
  }
  m_parts.bus.publish(AutomationChanged{});
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
  m_running = std::ranges::any_of(m_active, [](const auto& item) { return isRunning(item.second.state); });
  for (const auto& [hash, fix] : m_active) {
    if (isRunning(fix.state))
      return setState(model::AgentState::Active,
                      std::string(toString(fix.state)) + " " + model::fixLabel(fix.number));
  }
  for (const auto& [hash, fix] : m_active) {
    if (fix.state == FixState::Proposed) {
      return setState(model::AgentState::Waiting, "waits for a decision on " + model::fixLabel(fix.number));
    }
  }
  setState(model::AgentState::Idle, "nothing to fix");
}

}  // namespace aiops::agents
