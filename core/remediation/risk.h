// How risky a plan is, computed from what it does; never taken from a diagnosis or a model's word.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/fix.h"
#include "model/inventory.h"

namespace aiops::remediation {

struct RiskAssessment {
  model::Risk risk = model::Risk::High;
  std::vector<model::RiskReason> reasons;
  bool irreversible = false;
};

/// The highest of what the playbook says and what follows from effect (commands and verbs act on a running
/// service), reversibility (a step without inverse is high), scope (services that depend on the target) and
/// confidence.
RiskAssessment assessRisk(model::Risk playbookBase, const std::vector<model::PlanStep>& steps,
                          const std::string& target, const model::Inventory& inventory, double confidence);

}  // namespace aiops::remediation
