// The gate: what stands between an approved plan and its execution. Pure but for reading playbooks and the
// files that the plan edits. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/fix.h"
#include "remediation/executor.h"
#include "remediation/journal.h"

namespace aiops::remediation {

/// What the gate compares a plan with.
struct GateWorld {
  const ExecutorConfig& config;
  const ExecutionState& journal;
  std::string bootId;
  base::Duration sinceBoot{0};
  bool stopped = false;
  std::string sandboxProblem;
};

/// May these bytes be approved? The plan, or why not.
base::Result<model::Plan> checkApproval(const std::string& planBytes, const std::string& planHash,
                                        const GateWorld& world);

/// May these bytes run now? Everything: hash, approval (there, unused, in time, same boot), stop, lock,
/// sandbox, standing, and that the files are as the plan saw them.
base::Result<model::Plan> checkExecution(const std::string& planBytes, const std::string& planHash,
                                         const GateWorld& world);

/// The part that must also hold to go on after a crash: approval in time and of this boot, not stopped,
/// standing.
base::Result<> checkContinuation(const RunState& run, const model::Plan& plan, const GateWorld& world);

/// Catalogue and policy are those of the plan; paths and commands are allowed and are the target's own.
base::Result<> checkStanding(const model::Plan& plan, const GateWorld& world);

}  // namespace aiops::remediation
