// The engine's side of the executor process: starts it, asks it, hears from it, and notices when it is gone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "model/audit.h"
#include "model/dry_run.h"
#include "remediation/executor.h"

namespace aiops::remediation {

/// Use: construct, spawn() before any thread exists, connect() once the engine is ready to listen.
/// Requests block up to their time-out and may come from any thread but the callbacks' own.
/// The destructor hangs up and waits up to 5 s; an executor that is still undoing finishes alone.
class ExecutorClient {
 public:
  struct Callbacks {
    std::function<void(const ExecutorEvent& event)> onEvent;  ///< on the reader thread: hand over and return
    std::function<void(const std::string& why)> onLost;       ///< on the reader thread, once per process
  };

  /// `program` is run as `program --executor`; usually /proc/self/exe.
  ExecutorClient(ExecutorConfig config, std::filesystem::path program);
  ~ExecutorClient();
  ExecutorClient(const ExecutorClient&) = delete;
  ExecutorClient& operator=(const ExecutorClient&) = delete;

  /// What is to be done to the texts that go into the audit (reasons, results, details). Before connect().
  void setRedact(std::function<std::string(std::string_view)> redact);

  /// Forks and executes; the child gets the socket as descriptor 3 and only PATH, LANG and, the
  /// first one, AIOPS_FAIL of the environment.
  base::Result<> spawn();
  /// Sends the configuration, waits for the executor to be ready (it may wait for an earlier one), starts
  /// listening.
  base::Result<ExecutorStatus> connect(Callbacks callbacks);
  /// After onLost: a new process with the same configuration and callbacks. From any thread but the
  /// callbacks' own.
  base::Result<ExecutorStatus> respawn();
  /// Hangs up and waits up to 5 s, as the destructor; no callback comes after it. Not while a request waits.
  void disconnect();
  bool connected() const;
  int pid() const;

  /// Without the runs: cheap enough to be asked every few seconds.
  base::Result<ExecutorStatus> status();
  base::Result<ExecutorStatus> statusOfRuns();
  /// Appends an entry made by the engine (`who`, `what`, `target`, `why`, `result`, `incident`, `at`).
  base::Result<model::AuditEntry> audit(const model::AuditEntry& entry);
  /// Journals the approval of exactly these bytes (model::canonicalBytes). Conflict: already approved or run;
  /// stopped; Stale: bytes and hash differ.
  base::Result<> approve(const std::string& planBytes, const std::string& planHash, const std::string& who,
                         const std::string& reason);
  /// Voids an unused approval; harmless without one. Audited as fix.reject.
  base::Result<> reject(const std::string& planHash, const std::string& who, const std::string& reason);
  /// Passes the gate and starts; what follows comes as events. Refusals: NotFound no approval, Timeout
  /// approval expired, Stale something changed since approval, PermissionDenied command or path not allowed,
  /// Conflict used, stopped, locked or busy, Unavailable no sandbox or no audit.
  base::Result<> execute(const std::string& planBytes, const std::string& planHash);
  /// The engine's validation result for the run that is Validating.
  base::Result<> verdict(const std::string& planHash, bool ok, const std::string& detail);
  /// In effect when it returns.
  base::Result<> stop(const std::string& who, const std::string& reason);
  base::Result<> resume(const std::string& who, const std::string& reason);
  /// Finishes what an earlier executor left; returns at once, the rest comes as events. A run that is
  /// Validating is reported as such: validate again and send the verdict.
  base::Result<ExecutorStatus> recover();
  /// A person clears a target after a failed undo.
  base::Result<> unlockTarget(const std::string& target, const std::string& who, const std::string& reason);
  /// The state of the unit of a service of the inventory. Conflict while a fix runs, unless systemd manages
  /// it.
  base::Result<model::UnitState> observe(const std::string& service);
  /// What an act on the host would be, and on what; see HostVerb::bind().
  base::Result<model::HostAct> bind(const std::string& service, const std::string& verb,
                                    const model::Facts& arguments, std::chrono::milliseconds timeout);
  /// Everything but the effects. Conflict while a fix runs. Takes up to some seconds.
  base::Result<model::DryRun> dryRun(const std::string& planBytes, const std::string& planHash);

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::remediation
