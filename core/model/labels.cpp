// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/labels.h"

#include <cmath>

namespace aiops::model {
namespace {

std::string numbered(const char* prefix, uint64_t number) {
  const std::string digits = std::to_string(number);
  return prefix + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::vector<std::string> actionLine(const ServiceAction& action, bool undo) {
  const auto& argv = undo ? action.undoArgv : action.argv;
  if (!argv.empty()) return argv;
  const auto& verb = undo ? action.undoVerb : action.verb;
  if (action.reloadManager) return {action.manager, "daemon-reload", verb, action.unit};
  return {action.manager, verb, action.unit};
}

}  // namespace

std::string incidentLabel(uint64_t number) {
  return numbered(kIncidentPrefix, number);
}

std::string fixLabel(uint64_t number) {
  return numbered(kFixPrefix, number);
}

std::string impactText(const Impact& impact) {
  std::string text;
  if (!impact.service.empty()) {
    text = std::to_string(impact.failures) + " of " + std::to_string(impact.requests) + " requests to " +
           impact.service + " fail";
  }
  if (impact.failures > 0) {
    const double percent = 100 * static_cast<double>(impact.failures) / static_cast<double>(impact.requests);
    text += " (" + (percent < 1 ? std::string("under 1") : std::to_string(std::lround(percent))) + " %)";
  }
  if (impact.failing > 1)
    text += (text.empty() ? "" : "; ") + std::to_string(impact.failing) + " services report errors";
  return text;
}

std::vector<std::string> stepLine(const PlanStep& step, bool undo) {
  const auto& command = undo ? step.inverse : step.command;
  if (command) return command->argv;
  if (step.act) return undo ? step.act->undoLine : step.act->line;
  if (step.action && (!undo || !step.action->undoVerb.empty())) return actionLine(*step.action, undo);
  return {};
}

}  // namespace aiops::model
