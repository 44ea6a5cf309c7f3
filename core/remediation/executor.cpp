// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/executor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

#include "base/bytes.h"
#include "model/json.h"
#include "remediation/executor_core.h"
#include "remediation/plan_codec.h"
#include "remediation/service_manager.h"
#include "sandbox/command_runner.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Fd;
using base::Result;
using model::FixState;
using nlohmann::json;

constexpr auto kTick = std::chrono::milliseconds(100);
constexpr auto kSendTimeout = std::chrono::milliseconds(2000);
constexpr int kCouldNotWork = 3;

}  // namespace

TerminationSignal::TerminationSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, &m_before);
  m_fd = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

TerminationSignal::~TerminationSignal() {
  ::sigprocmask(SIG_SETMASK, &m_before, nullptr);
}

bool TerminationSignal::arrived() {
  signalfd_siginfo info{};
  if (::read(m_fd.get(), &info, sizeof info) > 0) m_arrived = true;
  return m_arrived;
}

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
  // One that is no longer listed has no rights: its steps were checked against the inventory before.
  static const model::ServiceEntry kNone;
  const auto* service = m_config.inventory.find(plan.target);
  return std::make_unique<FixRun>(RunTools{*this, *m_journal, m_failpoints, m_clock, m_config.policy,
                                           service ? *service : kNone, m_directory / "kept"},
                                  planHash, std::move(plan));
}

/// While a step runs, only systemd is asked: the other managers need a process, and those are the step's.
base::Result<model::UnitState> Executor::observe(const model::ServiceEntry& service) const {
  if (m_busy && service.manager != "systemd")
    return fail(ErrorCode::Conflict, "a fix is running", service.name, "ask again when it has ended");
  return observeService(service, m_config.policy);
}

GateWorld Executor::gateWorld() const {
  return {m_config,
          m_journal->state(),
          m_bootId,
          m_clock.sinceBoot(),
          m_stop.stopped(),
          m_sandboxProblem,
          [this](const model::ServiceEntry& service) { return observe(service); }};
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
  if (auto written = write(std::move(entry)); !written) return std::unexpected(written.error());
  return {};
}

/// The chain can't be changed afterwards and is made to be given away: no secret may get in.
Result<model::AuditEntry> Executor::write(model::AuditEntry entry) {
  for (std::string* text : {&entry.target, &entry.why, &entry.result}) *text = m_redactor.redact(*text);
  auto written = m_audit->append(std::move(entry));
  if (written) m_auditHead = *written;
  return written;
}

namespace {

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
