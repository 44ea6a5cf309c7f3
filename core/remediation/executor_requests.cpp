// What the engine may ask of the executor.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include "base/bytes.h"
#include "model/dry_run.h"
#include "model/json.h"
#include "remediation/autonomy.h"
#include "remediation/dry_run.h"
#include "remediation/executor_core.h"
#include "remediation/plan_codec.h"
#include "remediation/planner.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::FixState;
using nlohmann::json;

constexpr size_t kReportedRuns = 50;

RunReport reportOf(const RunState& run) {
  RunReport report;
  report.planHash = run.planHash;
  report.target = run.target;
  report.state = run.state;
  report.detail = run.detail;
  report.approvedBy = run.who;
  if (const auto plan = parsePlan(run.planBytes)) {
    report.incident = plan->incident;
    for (size_t i = 0; i < plan->steps.size(); ++i)
      report.steps.push_back(progressOf(run, static_cast<int>(i)));
  }
  return report;
}

}  // namespace

Executor::Handler Executor::handlerOf(const std::string& method) {
  static const std::map<std::string, Handler> kHandlers{
      {"status", &Executor::onStatus}, {"audit", &Executor::onAudit},     {"approve", &Executor::onApprove},
      {"reject", &Executor::onReject}, {"execute", &Executor::onExecute}, {"verdict", &Executor::onVerdict},
      {"stop", &Executor::onStop},     {"resume", &Executor::onResume},   {"recover", &Executor::onRecover},
      {"unlock", &Executor::onUnlock}, {"observe", &Executor::onObserve}, {"dry_run", &Executor::onDryRun},
      {"bind", &Executor::onBind}};
  const auto found = kHandlers.find(method);
  return found == kHandlers.end() ? nullptr : found->second;
}

void Executor::handle(const json& request) {
  Result<json> reply = fail(ErrorCode::InvalidInput, "unknown request");
  try {
    const Handler handler = handlerOf(request.value("method", ""));
    if (handler) reply = (this->*handler)(request);
  } catch (const std::exception& error) {
    reply = fail(ErrorCode::InvalidInput, std::string("malformed request: ") + error.what());
  }
  json message{{"id", request.contains("id") ? request["id"] : json(0)}};
  if (reply) {
    message["result"] = *std::move(reply);
  } else {
    message["error"] = errorToJson(reply.error());
  }
  (void)m_channel.send(message);
}

// --- requests ---

Result<json> Executor::onStatus(const json& request) {
  return json(request.value("runs", false) ? statusOfRuns() : status());
}

Result<json> Executor::onAudit(const json& request) {
  auto written = write(request.at("entry").get<model::AuditEntry>());
  if (!written) return std::unexpected(written.error());
  return json(*written);
}

Result<json> Executor::onApprove(const json& request) {
  const auto& bytes = request.at("plan").get_ref<const std::string&>();
  const auto& hash = request.at("planHash").get_ref<const std::string&>();
  const auto who = request.at("who").get<std::string>(), reason = request.at("reason").get<std::string>();
  const auto plan = checkApproval(bytes, hash, gateWorld());
  if (!plan) return std::unexpected(plan.error());
  if (who == kPolicyApprover) {
    if (auto allowed = checkPolicyApproval(*plan, m_config.policy); !allowed)
      return std::unexpected(allowed.error());
  }
  if (auto noted = note(who, "fix.approve", hash, reason, "approved", plan->incident); !noted) {
    return std::unexpected(noted.error());
  }
  m_failpoints.at("exec.before_approval");
  if (auto recorded = recordApproval(request, *plan); !recorded) return std::unexpected(recorded.error());
  m_failpoints.at("exec.after_approval");
  return json::object();
}

Result<> Executor::recordApproval(const json& request, const model::Plan& plan) {
  const bool high = plan.risk == model::Risk::High || plan.irreversible;
  const auto lifetime = high ? m_config.approvalLifetimeHigh : m_config.approvalLifetimeOther;
  JournalRecord record;
  record.kind = RecordKind::Approval;
  record.planHash = request.at("planHash").get<std::string>();
  record.planBytes = request.at("plan").get<std::string>();
  record.who = base::toValidUtf8(request.at("who").get<std::string>());
  record.detail = request.at("reason").get<std::string>();
  record.target = plan.target;
  record.bootId = m_bootId;
  record.expiresBoot = (m_clock.sinceBoot() + lifetime).count();
  return append(std::move(record));
}

Result<json> Executor::onReject(const json& request) {
  const auto hash = request.at("planHash").get<std::string>();
  const auto who = request.at("who").get<std::string>(), reason = request.at("reason").get<std::string>();
  const auto& runs = m_journal->state().runs;
  const auto found = runs.find(hash);
  if (found != runs.end() && found->second.claimed())
    return fail(ErrorCode::Conflict, "this plan has already been run");
  if (auto noted = note(who, "fix.reject", hash, reason, "rejected"); !noted)
    return std::unexpected(noted.error());
  if (found == runs.end() || found->second.state != FixState::Approved) return json::object();
  JournalRecord record;
  record.kind = RecordKind::Void;
  record.planHash = hash;
  record.who = base::toValidUtf8(who);
  record.detail = reason;
  if (auto appended = append(std::move(record)); !appended) return std::unexpected(appended.error());
  return json::object();
}

Result<> Executor::unfinishedRun() {
  if (m_busy || m_run || m_todo) return fail(ErrorCode::Conflict, "another fix is running");
  for (const auto& [hash, run] : m_journal->state().runs) {
    if (run.unfinished())
      return fail(ErrorCode::Conflict, "an earlier fix waits for recovery", hash.substr(0, 8));
  }
  return {};
}

Result<json> Executor::onExecute(const json& request) {
  const auto& bytes = request.at("plan").get_ref<const std::string&>();
  const auto hash = request.at("planHash").get<std::string>();
  if (auto idle = unfinishedRun(); !idle) return std::unexpected(idle.error());
  auto plan = checkExecution(bytes, hash, gateWorld());
  if (!plan) {
    (void)note("executor", "fix.refuse", hash, plan.error().line(),
               std::string(base::toString(plan.error().code)));
    return std::unexpected(plan.error());
  }
  if (auto noted = note("executor", "fix.execute", hash, "", "claimed", plan->incident); !noted) {
    return fail(ErrorCode::Unavailable, "the audit can't be written: " + noted.error().line());
  }
  if (auto claimed = claim(hash); !claimed) return std::unexpected(claimed.error());
  m_run = makeRun(hash, *std::move(plan));
  m_todo = [this] { return m_run->start(); };
  return json::object();
}

Result<> Executor::claim(const std::string& planHash) {
  JournalRecord record;
  record.kind = RecordKind::Claim;
  record.planHash = planHash;
  record.fence = m_journal->state().fence + 1;
  m_failpoints.at("exec.before_claim");
  auto appended = append(std::move(record));
  m_failpoints.at("exec.after_claim");
  return appended;
}

Result<json> Executor::onVerdict(const json& request) {
  const auto hash = request.at("planHash").get<std::string>();
  const bool ok = request.at("ok").get<bool>();
  const auto detail = request.at("detail").get<std::string>();
  const bool waits = m_run && !m_busy && !m_todo && m_run->state().planHash == hash &&
                     m_run->state().state == FixState::Validating;
  if (!waits) return fail(ErrorCode::Conflict, "no such fix is being validated");
  // Stop, a lost engine and SIGTERM win over a verdict that comes at the same moment.
  m_todo = [this, ok, detail] {
    const Interrupt why = pump();
    if (why != Interrupt::None) return m_run->undo(std::string(toString(why)));
    return m_run->conclude(ok, base::toValidUtf8(detail));
  };
  return json::object();
}

Result<json> Executor::onStop(const json& request) {
  const StopNote stop{request.at("who").get<std::string>(), request.at("reason").get<std::string>(),
                      m_clock.now()};
  const auto stopped = m_stop.stop(stop);
  (void)note(stop.by, "automation.stop", "", stop.reason, stopped ? "stopped" : stopped.error().line());
  if (!stopped) return std::unexpected(stopped.error());
  return json::object();
}

Result<json> Executor::onResume(const json& request) {
  const auto who = request.at("who").get<std::string>(), reason = request.at("reason").get<std::string>();
  if (auto noted = note(who, "automation.resume", "", reason, "resumed"); !noted)
    return std::unexpected(noted.error());
  if (auto resumed = m_stop.resume(); !resumed) return std::unexpected(resumed.error());
  return json::object();
}

Result<json> Executor::onRecover(const json&) {
  if (m_busy || m_run || m_todo) return fail(ErrorCode::Conflict, "a fix is running");
  m_todo = [this] { return recoverAll(); };
  return json(statusOfRuns());
}

Result<json> Executor::onUnlock(const json& request) {
  JournalRecord record;
  record.kind = RecordKind::Unlock;
  record.target = request.at("target").get<std::string>();
  record.who = base::toValidUtf8(request.at("who").get<std::string>());
  record.detail = request.at("reason").get<std::string>();
  if (!m_journal->state().locks.contains(record.target))
    return fail(ErrorCode::NotFound, "target is not locked", record.target);
  if (auto noted = note(record.who, "target.unlock", record.target, record.detail, "unlocked"); !noted) {
    return std::unexpected(noted.error());
  }
  if (auto appended = append(std::move(record)); !appended) return std::unexpected(appended.error());
  return json::object();
}

Result<json> Executor::onObserve(const json& request) {
  const auto name = request.at("service").get<std::string>();
  const auto* service = m_config.inventory.find(name);
  if (!service) return fail(ErrorCode::NotFound, "service is not in the inventory", name);
  const auto state = observe(*service);
  if (!state) return std::unexpected(state.error());
  return json(*state);
}

/// What an act would be, and on what, as a plan is made; changes nothing.
Result<json> Executor::onBind(const json& request) {
  if (m_busy) return fail(ErrorCode::Conflict, "a fix is running", {}, "try again when it has ended");
  const auto name = request.at("service").get<std::string>();
  const auto* service = m_config.inventory.find(name);
  if (!service) return fail(ErrorCode::NotFound, "service is not in the inventory", name);
  const auto* verb = findHostVerb(request.at("verb").get<std::string>());
  if (verb == nullptr) return fail(ErrorCode::InvalidInput, "unknown act");
  const auto act = verb->bind(request.at("arguments").get<model::Facts>(),
                              std::chrono::milliseconds(request.at("timeout").get<int64_t>()),
                              {*service, m_config.policy});
  if (!act) return std::unexpected(act.error());
  return json(*act);
}

/// Nothing of it is journaled or has an effect. Commands that check run confined, one after the other.
Result<json> Executor::onDryRun(const json& request) {
  if (m_busy) return fail(ErrorCode::Conflict, "a fix is running", {}, "try again when it has ended");
  const auto& bytes = request.at("plan").get_ref<const std::string&>();
  const auto& hash = request.at("planHash").get_ref<const std::string&>();
  const auto plan = checkHash(bytes, hash);
  if (!plan) return std::unexpected(plan.error());
  return json(tryPlan(*plan, gateWorld()));
}

// --- status ---

std::vector<RunReport> Executor::reports() const {
  std::map<uint64_t, const RunState*> byAge;
  for (const auto& [hash, run] : m_journal->state().runs) byAge[run.order] = &run;
  std::vector<RunReport> out;
  size_t left = byAge.size();
  for (const auto& [order, run] : byAge) {
    if (left-- <= kReportedRuns || run->unfinished()) out.push_back(reportOf(*run));
  }
  return out;
}

ExecutorStatus Executor::status() const {
  ExecutorStatus out;
  out.pid = ::getpid();
  out.bootId = m_bootId;
  out.policyDigest = policyDigest(m_config.policy);
  out.stopped = m_stop.stopped();
  const StopNote stop = out.stopped ? m_stop.note() : StopNote{};
  out.stoppedBy = stop.by;
  out.stopReason = stop.reason;
  out.stoppedSince = stop.since;
  for (const auto& [hash, run] : m_journal->state().runs) {
    if (run.unfinished() && !m_run && !m_busy) out.recoveryPending = true;
  }
  out.lockedTargets = m_journal->state().locks;
  out.sandboxProblem = m_sandboxProblem;
  out.notices = m_notices;
  out.auditSequence = m_auditHead.sequence;
  out.auditHash = m_auditHead.hash;
  return out;
}

ExecutorStatus Executor::statusOfRuns() const {
  auto out = status();
  out.runs = reports();
  return out;
}

}  // namespace aiops::remediation
