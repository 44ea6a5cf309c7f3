// The executor: a small single-threaded process that alone runs steps. It holds the gate (what runs must be
// exactly what was approved), the journal, the audit chain and the stop control, so no front end goes round
// them.
//
// It speaks length-prefixed JSON over one socket with the engine (protocol.h). When the engine is lost nobody
// watches: it ends the running step, undoes everything, writes that down and exits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/fix.h"
#include "model/inventory.h"

namespace aiops::remediation {

/// All that the executor needs. It reads playbooks from disk itself.
struct ExecutorConfig {
  std::filesystem::path home;  ///< `<home>/executor/` holds journal and audit, `<home>/stop` is the stop file
  std::vector<std::filesystem::path> playbookDirectories;
  model::ExecutionPolicy policy;
  model::Inventory inventory;
  std::chrono::milliseconds validationTimeout{600000};  ///< without a verdict until then: undo
  std::chrono::milliseconds lockWait{60000};  ///< for an earlier executor that still finishes its undo
  std::chrono::seconds approvalLifetimeHigh{900};
  std::chrono::seconds approvalLifetimeOther{14400};
};
void to_json(nlohmann::json& json, const ExecutorConfig& value);
void from_json(const nlohmann::json& json, ExecutorConfig& value);

/// One approved plan as the journal has it.
struct RunReport {
  std::string planHash;
  std::string target;
  std::string incident;
  model::FixState state = model::FixState::Approved;
  std::string detail;  ///< last notable thing; for needs_human the residual state and the manual commands
  std::string approvedBy;
  std::vector<model::StepProgress> steps;
};

struct ExecutorStatus {
  int pid = 0;
  std::string bootId;
  std::string policyDigest;
  bool stopped = false;
  std::string stoppedBy;
  std::string stopReason;
  std::optional<base::TimePoint> stoppedSince;
  bool recoveryPending = false;  ///< an unfinished run waits for recover(); nothing else executes before
  std::vector<RunReport>
      runs;  ///< only where asked for: unfinished ones and the newest 50 finished, oldest first
  std::map<std::string, std::string> lockedTargets;  ///< service -> why
  std::string sandboxProblem;                        ///< why nothing can be run, or empty
  std::vector<std::string> notices;                  ///< torn tails repaired, broken playbooks
  uint64_t auditSequence = 0;                        ///< head of the audit chain, to be noted elsewhere
  std::string auditHash;
};
void to_json(nlohmann::json& json, const ExecutorStatus& value);
void from_json(const nlohmann::json& json, ExecutorStatus& value);

/// What the executor tells without being asked.
struct ExecutorEvent {
  enum class Kind : uint8_t { State, Step, Output };
  Kind kind = Kind::State;
  std::string planHash;
  model::FixState state = model::FixState::Running;  ///< State
  std::string detail;                                ///< State: why; Output: the chunk (foreign text)
  int step = -1;                                     ///< Step, Output
  model::StepProgress progress;                      ///< Step
};
void to_json(nlohmann::json& json, const ExecutorEvent& value);
void from_json(const nlohmann::json& json, ExecutorEvent& value);

/// Serves `socketFd` until the engine hangs up or SIGTERM comes. Returns the process' exit status: 0 done,
/// 3 could not work (another executor holds the home, journal or audit damaged); the engine is told why.
/// Call it in a process without threads.
int runExecutor(int socketFd, const ExecutorConfig& config);

/// As above with the configuration taken from the first message, as ExecutorClient sends it. This is
/// `--executor` (socket on descriptor 3).
int executorMain(int socketFd);

/// Directory of journal and audit (`verifyAudit` of core/security wants it), and the stop file.
std::filesystem::path executorDirectory(const std::filesystem::path& home);
std::filesystem::path stopFile(const std::filesystem::path& home);

/// Named places where AIOPS_FAIL=name:kill (or :kill_parent, :kill_both) ends processes, for fault tests.
/// Places inside a step carry its number; the list covers plans of up to `steps` steps.
std::vector<std::string> failPointNames(size_t steps);

}  // namespace aiops::remediation
