// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/risk.h"

#include <algorithm>
#include <cmath>

namespace aiops::remediation {
namespace {

using model::Risk;

constexpr double kSure = 0.6;     ///< below this the diagnosis itself is a risk
constexpr size_t kManyUsers = 3;  ///< more services than this that depend on the target raise the risk

Risk oneUp(Risk risk) {
  return risk == Risk::Low ? Risk::Medium : Risk::High;
}

std::vector<std::string> usersOf(const std::string& target, const model::Inventory& inventory) {
  std::vector<std::string> users;
  for (const auto& service : inventory.services) {
    if (std::ranges::find(service.dependsOn, target) != service.dependsOn.end())
      users.push_back(service.name);
  }
  return users;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

RiskAssessment assessRisk(Risk playbookBase, const std::vector<model::PlanStep>& steps,
                          const std::string& target, const model::Inventory& inventory, double confidence) {
  RiskAssessment out;
  out.risk = playbookBase;
  const bool commands = std::ranges::any_of(steps, [](const auto& step) { return !step.edit; });
  if (commands) out.risk = std::max(out.risk, Risk::Medium);
  for (const auto& step : steps) {
    if (step.hasUndo()) continue;
    out.irreversible = true;
    out.risk = Risk::High;
    out.reasons.push_back({true, "no undo: " + step.title});
  }
  if (!out.irreversible)
    out.reasons.push_back({false, "every step has an undo, run in reverse if a check fails"});
  const auto users = usersOf(target, inventory);
  if (!users.empty()) out.reasons.push_back({true, "used by " + joined(users)});
  if (users.size() > kManyUsers) out.risk = oneUp(out.risk);
  if (confidence < kSure) {
    out.risk = oneUp(out.risk);
    out.reasons.push_back(
        {true, "the diagnosis is only " + std::to_string(std::lround(confidence * 100)) + " % sure"});
  }
  return out;
}

}  // namespace aiops::remediation
