// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/executor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <memory>

#include "base/bytes.h"
#include "model/json.h"
#include "remediation/failpoints.h"
#include "remediation/fix_run.h"
#include "remediation/gate.h"
#include "remediation/plan_codec.h"
#include "remediation/planner.h"
#include "remediation/protocol.h"
#include "remediation/stop_control.h"
#include "sandbox/command_runner.h"
#include "security/audit_chain.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Fd;
using base::Result;
using model::FixState;
using nlohmann::json;

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr size_t kReportedRuns = 50;
constexpr int kCouldNotWork = 3;

/// One descriptor that becomes readable on SIGTERM, which is blocked while this lives.
class TerminationSignal {
 public:
  TerminationSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &set, &m_before);
    m_fd = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~TerminationSignal() { ::sigprocmask(SIG_SETMASK, &m_before, nullptr); }
  TerminationSignal(const TerminationSignal&) = delete;
  TerminationSignal& operator=(const TerminationSignal&) = delete;

  int fd() const { return m_fd.get(); }
  bool arrived() {
    signalfd_siginfo info{};
    if (::read(m_fd.get(), &info, sizeof info) > 0) m_arrived = true;
    return m_arrived;
  }

 private:
  sigset_t m_before{};
  Fd m_fd;
  bool m_arrived = false;
};

class Executor final : public RunHost {
 public:
  Executor(Channel& channel, ExecutorConfig config)
      : m_channel(channel),
        m_config(std::move(config)),
        m_directory(executorDirectory(m_config.home)),
        m_stop(stopFile(m_config.home)),
        m_failpoints(std::getenv("AIOPS_FAIL")),
        m_bootId(currentBootId()) {}

  Result<> open();
  int serve();
  ExecutorStatus status() const;

  Interrupt pump() override;
  void emit(const ExecutorEvent& event) override { (void)m_channel.send({{"event", event}}); }
  Result<> audit(const std::string& what, const std::string& why, const std::string& result,
                 const model::Plan& plan) override;
  Result<> mayContinue(const RunState& run, const model::Plan& plan) override {
    return checkContinuation(run, plan, gateWorld());
  }

 private:
  using Handler = Result<json> (Executor::*)(const json& request);
  static Handler handlerOf(const std::string& method);
  void handle(const json& request);
  Result<json> onStatus(const json& request);
  Result<json> onAudit(const json& request);
  Result<json> onApprove(const json& request);
  Result<json> onReject(const json& request);
  Result<json> onExecute(const json& request);
  Result<json> onVerdict(const json& request);
  Result<json> onStop(const json& request);
  Result<json> onResume(const json& request);
  Result<json> onRecover(const json& request);
  Result<json> onUnlock(const json& request);

  Result<> takeLock();
  Result<> append(JournalRecord record);
  Result<> note(const std::string& who, const std::string& what, const std::string& target,
                const std::string& why, const std::string& result, const std::string& incident = {});
  Result<> recordApproval(const json& request, const model::Plan& plan);
  Result<> claim(const std::string& planHash);
  Result<> unfinishedRun();
  Result<> recoverAll();
  Result<> tick();
  void watch();
  GateWorld gateWorld() const;
  std::unique_ptr<FixRun> makeRun(const std::string& planHash, model::Plan plan);
  std::vector<RunReport> reports() const;

  Channel& m_channel;
  const ExecutorConfig m_config;
  const std::filesystem::path m_directory;
  StopControl m_stop;
  const Failpoints m_failpoints;
  const std::string m_bootId;
  base::SystemClock m_clock;
  Fd m_lock;
  std::unique_ptr<Journal> m_journal;
  std::unique_ptr<security::AuditLog> m_audit;
  model::AuditEntry m_auditHead;
  std::string m_sandboxProblem;
  std::vector<std::string> m_notices;
  TerminationSignal m_termination;
  std::unique_ptr<FixRun> m_run;     ///< the one that runs or is validating
  std::function<Result<>()> m_todo;  ///< what a request asked for; done after its reply
  base::Duration m_validateUntil{0};
  bool m_busy = false;  ///< inside m_todo: requests that start something are refused
};

// --- opening ---

Result<> Executor::takeLock() {
  const auto file = m_directory / "lock";
  m_lock = Fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!m_lock.valid()) return base::failErrno(errno, "can't open the executor's lock", file.string());
  const auto deadline = m_clock.sinceBoot() + m_config.lockWait;
  while (::flock(m_lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (m_channel.closed() || m_clock.sinceBoot() > deadline) {
      return fail(ErrorCode::Unavailable, "another executor still works on this home", file.string(),
                  "wait until it has finished its undo");
    }
    ::poll(nullptr, 0, 50);
  }
  return {};
}

Result<> Executor::open() {
  std::error_code error;
  std::filesystem::create_directories(m_directory, error);
  if (error || ::chmod(m_directory.c_str(), 0700) != 0) {
    return fail(ErrorCode::Io, "can't make the executor's directory", m_directory.string());
  }
  if (auto locked = takeLock(); !locked) return locked;
  auto journal = Journal::open(m_directory / "journal");
  if (!journal) return std::unexpected(journal.error());
  m_journal = *std::move(journal);
  if (const auto broken = invariantViolations(m_journal->records()); !broken.empty()) {
    return fail(ErrorCode::Corrupt, "the journal contradicts itself: " + broken.front(),
                m_directory.string());
  }
  auto audit = security::AuditLog::open(m_directory);
  if (!audit) return std::unexpected(audit.error());
  m_audit = *std::move(audit);
  m_sandboxProblem = sandbox::probeCapabilities().problem;
  for (const auto& text : {m_journal->notice(), m_audit->notice()}) {
    if (!text.empty()) m_notices.push_back(text);
  }
  JournalRecord session;
  session.kind = RecordKind::Session;
  session.digest = base::sha256Hex(json(m_config).dump());
  session.bootId = m_bootId;
  if (auto appended = append(std::move(session)); !appended) return appended;
  return note("executor", "executor.start", m_config.home.string(), "",
              m_notices.empty() ? "ok" : m_notices.front());
}

// --- serving ---

int Executor::serve() {
  for (;;) {
    pollfd waiting[] = {{m_channel.fd(), POLLIN, 0}, {m_termination.fd(), POLLIN, 0}};
    if (!m_channel.closed()) ::poll(waiting, 2, static_cast<int>(kTick.count()));
    if (auto done = tick(); !done) {
      ExecutorEvent event;
      event.planHash = m_run ? m_run->state().planHash : "";
      event.state = FixState::NeedsHuman;
      event.detail = "the executor can't go on: " + done.error().line();
      emit(event);
      return kCouldNotWork;
    }
    const bool over = m_channel.closed() || m_termination.arrived();
    if (over && !m_run) return 0;
  }
}

/// Answers what has come, does what was asked for, and looks after a run that is validating.
Result<> Executor::tick() {
  const Interrupt why = pump();
  if (m_todo) {
    m_busy = true;
    const auto done = std::exchange(m_todo, {})();
    m_busy = false;
    if (!done) return done;
    watch();
  } else if (m_run && why != Interrupt::None) {
    if (auto undone = m_run->undo(std::string(toString(why))); !undone) return undone;
  } else if (m_run && m_clock.sinceBoot() > m_validateUntil) {
    if (auto undone = m_run->undo("no validation result came in time"); !undone) return undone;
  }
  if (m_run && model::isFinal(m_run->state().state)) m_run.reset();
  return {};
}

void Executor::watch() {
  m_validateUntil = m_clock.sinceBoot() + m_config.validationTimeout;
}

Interrupt Executor::pump() {
  for (const auto& request : m_channel.receive(std::chrono::milliseconds(0))) handle(request);
  if (m_channel.closed()) return Interrupt::EngineLost;
  if (m_termination.arrived()) return Interrupt::Terminate;
  return m_stop.stopped() ? Interrupt::Stop : Interrupt::None;
}

Executor::Handler Executor::handlerOf(const std::string& method) {
  static const std::map<std::string, Handler> kHandlers{
      {"status", &Executor::onStatus}, {"audit", &Executor::onAudit},     {"approve", &Executor::onApprove},
      {"reject", &Executor::onReject}, {"execute", &Executor::onExecute}, {"verdict", &Executor::onVerdict},
      {"stop", &Executor::onStop},     {"resume", &Executor::onResume},   {"recover", &Executor::onRecover},
      {"unlock", &Executor::onUnlock}};
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

Result<json> Executor::onStatus(const json&) {
  return json(status());
}

Result<json> Executor::onAudit(const json& request) {
  const auto entry = request.at("entry").get<model::AuditEntry>();
  auto written = m_audit->append(entry);
  if (!written) return std::unexpected(written.error());
  m_auditHead = *written;
  return json(*written);
}

Result<json> Executor::onApprove(const json& request) {
  const auto& bytes = request.at("plan").get_ref<const std::string&>();
  const auto& hash = request.at("planHash").get_ref<const std::string&>();
  const auto who = request.at("who").get<std::string>(), reason = request.at("reason").get<std::string>();
  const auto plan = checkApproval(bytes, hash, gateWorld());
  if (!plan) return std::unexpected(plan.error());
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
  return json(status());
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

// --- what runs do ---

Result<> Executor::recoverAll() {
  std::vector<std::string> hashes;
  for (const auto& [hash, run] : m_journal->state().runs) {
    if (run.unfinished()) hashes.push_back(hash);
  }
  for (const auto& hash : hashes) {
    auto plan = parsePlan(m_journal->state().runs.at(hash).planBytes);
    if (!plan) return std::unexpected(plan.error());
    m_run = makeRun(hash, *std::move(plan));
    if (auto recovered = m_run->recover(); !recovered) return recovered;
  }
  return {};
}

std::unique_ptr<FixRun> Executor::makeRun(const std::string& planHash, model::Plan plan) {
  return std::make_unique<FixRun>(
      RunTools{*this, *m_journal, m_failpoints, m_clock, m_config.policy, m_directory / "kept"}, planHash,
      std::move(plan));
}

GateWorld Executor::gateWorld() const {
  return {m_config, m_journal->state(), m_bootId, m_clock.sinceBoot(), m_stop.stopped(), m_sandboxProblem};
}

Result<> Executor::append(JournalRecord record) {
  record.at = m_clock.now();
  return m_journal->append(std::move(record));
}

Result<> Executor::audit(const std::string& what, const std::string& why, const std::string& result,
                         const model::Plan& plan) {
  return note("executor", what, plan.target, why, result, plan.incident);
}

Result<> Executor::note(const std::string& who, const std::string& what, const std::string& target,
                        const std::string& why, const std::string& result, const std::string& incident) {
  model::AuditEntry entry;
  entry.at = m_clock.now();
  entry.who = who;
  entry.what = what;
  entry.target = target;
  entry.why = base::toValidUtf8(why);
  entry.result = result;
  entry.incident = incident;
  auto written = m_audit->append(std::move(entry));
  if (!written) return std::unexpected(written.error());
  m_auditHead = *std::move(written);
  return {};
}

// --- status ---

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
  out.runs = reports();
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

// --- the process ---

/// No core dumps, no peeking by other processes of this user, private files.
void hardenProcess() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)  // the leak check at exit has to look into this process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  ::umask(0077);
}

/// `replyTo`: the id of the configure request, answered once everything is open.
int serveOn(Channel& channel, const ExecutorConfig& config, const json& replyTo) {
  hardenProcess();
  Executor executor(channel, config);
  const auto opened = executor.open();
  json message{{"id", replyTo}};
  if (opened) message["result"] = executor.status();
  if (!opened) message["error"] = errorToJson(opened.error());
  if (!replyTo.is_null()) (void)channel.send(message);
  return opened ? executor.serve() : kCouldNotWork;
}

constexpr auto kSendTimeout = std::chrono::milliseconds(2000);

}  // namespace

int runExecutor(int socketFd, const ExecutorConfig& config) {
  Channel channel(Fd(socketFd), kSendTimeout);
  return serveOn(channel, config, nullptr);
}

int executorMain(int socketFd) {
  Channel channel(Fd(socketFd), kSendTimeout);
  while (!channel.closed()) {
    const auto messages = channel.receive(std::chrono::milliseconds(1000));
    if (messages.empty()) continue;
    const json& first = messages.front();
    try {
      const auto config = first.at("config").get<ExecutorConfig>();
      return serveOn(channel, config, first.at("id"));
    } catch (const std::exception& error) {
      const base::Error problem{
          ErrorCode::InvalidInput, std::string("bad configuration: ") + error.what(), {}, {}};
      (void)channel.send({{"id", 0}, {"error", errorToJson(problem)}});
      return kCouldNotWork;
    }
  }
  return 0;
}

std::filesystem::path executorDirectory(const std::filesystem::path& home) {
  return home / "executor";
}
std::filesystem::path stopFile(const std::filesystem::path& home) {
  return home / "stop";
}

}  // namespace aiops::remediation
