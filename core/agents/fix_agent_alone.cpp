// The fix agent's settings, and when it may act without a person.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "agents/fix_agent.h"
#include "agents/must.h"
#include "learning/trust.h"
#include "remediation/autonomy.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;

constexpr uint32_t kRunsLookedAt = 200;
constexpr const char* kRiskThreshold = "risk_threshold";
constexpr const char* kAutoExecute = "auto_execute";
constexpr const char* kMinimumConfidence = "minimum_confidence";

}  // namespace

/// The configuration is the ceiling of what a person or a program may set here.
std::vector<AgentSettingRow> FixAgent::settingRows(const model::ExecutionPolicy& policy) {
  auto threshold = choiceSetting(kRiskThreshold, {"low", "medium", "high"}, "low",
                                 "up to which risk a fix may run without a person, if auto_execute is on");
  threshold.limit = [max = policy.autoFixMaxRisk](const std::string& asked) -> Limited {
    const auto wanted = model::riskFromString(asked).value_or(model::Risk::Low);
    if (wanted <= max) return {asked, {}};
    const std::string most(toString(max));
    return {most, "the configuration's max_risk_level is " + most};
  };
  auto alone =
      switchSetting(kAutoExecute, false,
                    "run a fix without asking once it has earned it: cause confirmed by two analysts, "
                    "the failure seen by a probe, worked 3 of 3 here, undo known");
  alone.limit = [allowed = policy.autoFix](const std::string& asked) -> Limited {
    if (asked != "true" || allowed) return {asked, {}};
    return {"false", "the configuration's enable_auto_fix is false"};
  };
  return {threshold, alone,
          numberSetting(kMinimumConfidence, 50, 99, 60, "percent",
                        "how sure a diagnosis must be before a fix is proposed")};
}

double FixAgent::minimumConfidence() const {
  return static_cast<double>(settings().number(kMinimumConfidence)) / 100;
}

void FixAgent::runAloneIfEarned(const model::FixProposal& fix, const Diagnosed& diagnosed,
                                const remediation::Playbook& playbook) {
  if (!settings().isOn(kAutoExecute)) return;
  if (const auto why = whyAsk(fix, diagnosed, playbook)) {
    must(m_parts.store.appendTimeline(
        fix.incident, {clock().now(), "asks", fix.plan.target, "a person has to decide: " + *why}));
    return;
  }
  const auto decided = decide(remediation::kPolicyApprover, fix.id.str(), fix.planHash);
  if (decided) return;
  must(m_parts.store.appendTimeline(fix.incident, {clock().now(), "asks", fix.plan.target,
                                                   "it could not run alone: " + decided.error().line()}));
}

std::optional<std::string> FixAgent::whyAsk(const model::FixProposal& fix, const Diagnosed& diagnosed,
                                            const remediation::Playbook& playbook) {
  const auto& best = diagnosed.diagnosis.hypotheses.front();
  const auto context = learning::contextOf(best.service, best.kind);
  std::optional<base::TimePoint> lastRun;
  for (const auto& earlier : must(m_parts.store.fixes({.limit = kRunsLookedAt})).items) {
    const auto& started = earlier.execution.startedAt;
    if (earlier.plan.target == fix.plan.target && started) lastRun = std::max(lastRun, started);
  }
  // Of this process' own runs it is known how long they are ago, also when the clock was set since.
  if (const auto own = m_lastRuns.find(fix.plan.target); own != m_lastRuns.end())
    lastRun = std::max<std::optional<base::TimePoint>>(lastRun,
                                                       clock().now() - (clock().sinceBoot() - own->second));
  const auto maxRisk = model::riskFromString(settings().text(kRiskThreshold)).value_or(model::Risk::Low);
  const auto why = remediation::whyAskAPerson(
      {.playbook = playbook,
       .plan = fix.plan,
       .diagnosis = diagnosed.diagnosis,
       .trust =
           learning::trustFrom(playbook.id, context, must(m_parts.store.outcomesOf(playbook.id, context))),
       .lastRunOnTarget = lastRun,
       .now = clock().now()},
      m_parts.policy, maxRisk);
  if (why) return why;
  if (!failsFromOutside(fix.plan.target)) return "no probe of our own shows the failure";
  return {};
}

/// The second, independent sign: log text alone may be written by an attacker.
bool FixAgent::failsFromOutside(const std::string& service) const {
  const auto* entry = m_parts.inventory.find(service);
  if (entry == nullptr || entry->healthUrl.empty()) return false;
  const auto answer = m_parts.validation.httpGet(entry->healthUrl);
  return !answer || answer->status >= 500;
}

base::Result<> FixAgent::mayBeDisabled() const {
  if (!m_running) return {};
  return fail(ErrorCode::Conflict, "a fix is running", "fix_executor",
              "wait for its end, or stop automation to end and undo it");
}

}  // namespace aiops::agents
