// A fix tried without its effects: the gate's own checks, one by one, so that a person sees each of them, and
// the tools' checkers on the new bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/dry_run.h"
#include "model/plan.h"
#include "remediation/gate.h"

namespace aiops::remediation {

/// Every check is made, whatever the one before has found. Runs checkers: only in the executor. The checkers
/// of one plan get some seconds together.
model::DryRun tryPlan(const model::Plan& plan, const GateWorld& world);

}  // namespace aiops::remediation
