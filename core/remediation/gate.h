// The gate: what stands between an approved plan and its execution. Pure but for reading playbooks, the files
// that the plan edits and the state of its units. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
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
  /// The state of a service's unit now; without it no plan with a service step passes.
  std::function<base::Result<model::UnitState>(const model::ServiceEntry& service)> observe;
};

/// The plan of which these are the bytes; Stale when the hash names another.
base::Result<model::Plan> checkHash(const std::string& planBytes, const std::string& planHash);

/// The target is not locked; automation is not stopped; the host is still the boot that the plan was made in.
base::Result<> checkLock(const model::Plan& plan, const GateWorld& world);
base::Result<> checkStopped(const GateWorld& world);
base::Result<> checkBoot(const model::Plan& plan, const GateWorld& world);

/// May these bytes be approved? The plan, or why not.
base::Result<model::Plan> checkApproval(const std::string& planBytes, const std::string& planHash,
                                        const GateWorld& world);

/// May these bytes run now? Everything: hash, approval (there, unused, in time, same boot), stop, lock,
/// sandbox, standing, and that files and units are as the plan saw them.
base::Result<model::Plan> checkExecution(const std::string& planBytes, const std::string& planHash,
                                         const GateWorld& world);

/// The part that must also hold to go on after a crash: approval in time and of this boot, not stopped,
/// standing.
base::Result<> checkContinuation(const RunState& run, const model::Plan& plan, const GateWorld& world);

/// One step alone: its paths, commands and verbs are allowed and are the service's own.
base::Result<> checkStep(const model::PlanStep& step, const model::ServiceEntry& service,
                         const model::Plan& plan, const GateWorld& world);

/// The playbook and the policy are those of the plan.
base::Result<> checkCatalogue(const model::Plan& plan, const GateWorld& world);

/// Every file that the plan edits is as the plan saw it: bytes, mode and owner.
base::Result<> checkFiles(const model::Plan& plan);

/// The service's unit is there and active or not, as the plan saw it.
base::Result<> checkUnit(const model::PlanStep& step, const model::ServiceEntry& service,
                         const GateWorld& world);

/// It would act on what the plan saw.
base::Result<> checkAct(const model::HostAct& act, const model::ServiceEntry& service,
                        const GateWorld& world);

/// Catalogue and policy are those of the plan; paths and commands are allowed and are the target's own.
base::Result<> checkStanding(const model::Plan& plan, const GateWorld& world);

}  // namespace aiops::remediation
