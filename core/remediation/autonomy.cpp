// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/autonomy.h"

#include <algorithm>

namespace aiops::remediation {
namespace {

bool usesLogText(const Playbook& playbook) {
  return std::ranges::any_of(playbook.parameters, [](const Parameter& parameter) {
    return parameter.source == ParameterSource::Capture || parameter.source == ParameterSource::Tally;
  });
}

std::optional<std::string> doubtInCause(const model::Diagnosis& diagnosis) {
  if (diagnosis.verdict != model::Verdict::Confirmed || diagnosis.hypotheses.empty())
    return "the cause is not confirmed";
  if (diagnosis.hypotheses.front().analysts.size() < 2) return "only one analyst names the cause";
  return {};
}

std::optional<std::string> doubtInFix(const model::Trust& trust) {
  if (trust.worked >= kTrustForAutonomy && trust.worked == trust.tried) return {};
  return "it has not earned it: " + trust.words + ", wanted are " + std::to_string(kTrustForAutonomy) +
         " without a failure";
}

}  // namespace

base::Result<> checkPolicyApproval(const model::Plan& plan, const model::ExecutionPolicy& policy) {
  const auto denied = [](std::string what) {
    return base::fail(base::ErrorCode::PermissionDenied, std::move(what), kPolicyApprover,
                      "a person has to approve this fix");
  };
  if (!policy.autoFix) return denied("nothing may run without a person here");
  if (plan.irreversible) return denied("a fix without undo never runs without a person");
  if (plan.risk > policy.autoFixMaxRisk)
    return denied(std::string(toString(plan.risk)) + " risk may not run without a person");
  return {};
}

std::optional<std::string> whyAskAPerson(const AutonomyCase& which, const model::ExecutionPolicy& policy,
                                         model::Risk maxRisk) {
  if (const auto allowed = checkPolicyApproval(which.plan, policy); !allowed) return allowed.error().what;
  if (which.plan.risk > maxRisk)
    return std::string(toString(which.plan.risk)) + " risk is above the threshold " +
           std::string(toString(maxRisk));
  if (usesLogText(which.playbook)) return "its parameters come from log text";
  if (auto doubt = doubtInCause(which.diagnosis)) return doubt;
  if (auto doubt = doubtInFix(which.trust)) return doubt;
  if (which.lastRunOnTarget && which.now - *which.lastRunOnTarget < kAloneCoolDown)
    return "a fix ran on " + which.plan.target + " within the last hour";
  return {};
}

}  // namespace aiops::remediation
