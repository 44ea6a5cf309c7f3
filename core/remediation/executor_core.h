// The executor's inside: one object a process. executor.cpp opens and serves, executor_requests.cpp answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <signal.h>

#include <cstdlib>
#include <functional>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/fd.h"
#include "model/audit.h"
#include "remediation/executor.h"
#include "remediation/failpoints.h"
#include "remediation/fix_run.h"
#include "remediation/gate.h"
#include "remediation/planner.h"
#include "remediation/protocol.h"
#include "remediation/stop_control.h"
#include "security/audit_chain.h"
#include "security/redaction.h"

namespace aiops::remediation {

/// One descriptor that becomes readable on SIGTERM, which is blocked while this lives.
class TerminationSignal {
 public:
  TerminationSignal();
  ~TerminationSignal();
  TerminationSignal(const TerminationSignal&) = delete;
  TerminationSignal& operator=(const TerminationSignal&) = delete;

  int fd() const { return m_fd.get(); }
  bool arrived();

 private:
  sigset_t m_before{};
  base::Fd m_fd;
  bool m_arrived = false;
};

/// Single-threaded. Everything it decides from is in the journal, the audit and the stop file.
class Executor final : public RunHost {
 public:
  Executor(Channel& channel, ExecutorConfig config)
      : m_channel(channel),
        m_config(std::move(config)),
        m_directory(executorDirectory(m_config.home)),
        m_stop(stopFile(m_config.home)),
        m_failpoints(std::getenv("AIOPS_FAIL")),
        m_bootId(currentBootId()) {}

  base::Result<> open();
  int serve();
  ExecutorStatus status() const;  ///< without the runs
  ExecutorStatus statusOfRuns() const;

  Interrupt pump() override;
  void emit(const ExecutorEvent& event) override { (void)m_channel.send({{"event", event}}); }
  base::Result<> audit(const std::string& what, const std::string& why, const std::string& result,
                       const model::Plan& plan) override;
  base::Result<> mayContinue(const RunState& run, const model::Plan& plan) override {
    return checkContinuation(run, plan, gateWorld());
  }

 private:
  using Handler = base::Result<nlohmann::json> (Executor::*)(const nlohmann::json& request);
  static Handler handlerOf(const std::string& method);
  void handle(const nlohmann::json& request);
  base::Result<nlohmann::json> onStatus(const nlohmann::json& request);
  base::Result<nlohmann::json> onAudit(const nlohmann::json& request);
  base::Result<nlohmann::json> onApprove(const nlohmann::json& request);
  base::Result<nlohmann::json> onReject(const nlohmann::json& request);
  base::Result<nlohmann::json> onExecute(const nlohmann::json& request);
  base::Result<nlohmann::json> onVerdict(const nlohmann::json& request);
  base::Result<nlohmann::json> onStop(const nlohmann::json& request);
  base::Result<nlohmann::json> onResume(const nlohmann::json& request);
  base::Result<nlohmann::json> onRecover(const nlohmann::json& request);
  base::Result<nlohmann::json> onUnlock(const nlohmann::json& request);
  base::Result<nlohmann::json> onObserve(const nlohmann::json& request);
  base::Result<nlohmann::json> onDryRun(const nlohmann::json& request);
  base::Result<nlohmann::json> onBind(const nlohmann::json& request);

  base::Result<> takeLock();
  base::Result<> append(JournalRecord record);
  base::Result<> note(const std::string& who, const std::string& what, const std::string& target,
                      const std::string& why, const std::string& result, const std::string& incident = {});
  base::Result<model::AuditEntry> write(model::AuditEntry entry);
  base::Result<> recordApproval(const nlohmann::json& request, const model::Plan& plan);
  base::Result<> claim(const std::string& planHash);
  base::Result<> unfinishedRun();
  base::Result<> recoverAll();
  base::Result<> tick();
  void watch();
  base::Result<model::UnitState> observe(const model::ServiceEntry& service) const;
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
  base::Fd m_lock;
  std::unique_ptr<Journal> m_journal;
  std::unique_ptr<security::AuditLog> m_audit;
  const security::Redactor m_redactor;  ///< known formats; the engine has taken its own secrets out
  model::AuditEntry m_auditHead;
  std::string m_sandboxProblem;
  std::vector<std::string> m_notices;
  TerminationSignal m_termination;
  std::unique_ptr<FixRun> m_run;           ///< the one that runs or is validating
  std::function<base::Result<>()> m_todo;  ///< what a request asked for; done after its reply
  base::Duration m_validateUntil{0};
  bool m_busy = false;  ///< inside m_todo: requests that start something are refused
};

}  // namespace aiops::remediation
