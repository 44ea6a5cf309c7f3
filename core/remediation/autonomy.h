// Whether a fix may run without a person: closed by default, and only for what has earned it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "model/fix.h"
#include "model/incident.h"
#include "model/inventory.h"
#include "remediation/playbook.h"

namespace aiops::remediation {

/// Who approves in the audit and the journal when no person does. The executor holds such an approval to its
/// own policy, so that the engine can't widen it.
inline constexpr const char* kPolicyApprover = "policy";

/// How often a playbook has to have worked in a context, without one failure, before it may run alone there.
inline constexpr uint32_t kTrustForAutonomy = 3;
/// Least time between two runs on one target without a person.
inline constexpr std::chrono::hours kAloneCoolDown{1};

/// What the decision stands on.
struct AutonomyCase {
  const Playbook& playbook;
  const model::Plan& plan;
  const model::Diagnosis& diagnosis;
  model::Trust trust;
  std::optional<base::TimePoint> lastRunOnTarget;
  base::TimePoint now;
};

/// Why a person has to decide, in words; nothing when the fix may run alone. `maxRisk` is the threshold in
/// force, at or below the policy's. The probe that must show the failure from outside is the caller's.
std::optional<std::string> whyAskAPerson(const AutonomyCase& which, const model::ExecutionPolicy& policy,
                                         model::Risk maxRisk);

/// The executor's side: an approval by kPolicyApprover within what the policy allows.
base::Result<> checkPolicyApproval(const model::Plan& plan, const model::ExecutionPolicy& policy);

}  // namespace aiops::remediation
