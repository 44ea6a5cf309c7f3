// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/labels.h"

namespace aiops::model {
namespace {

std::string numbered(const char* prefix, uint64_t number) {
  const std::string digits = std::to_string(number);
  return prefix + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::string incidentLabel(uint64_t number) {
  return numbered(kIncidentPrefix, number);
}

std::string fixLabel(uint64_t number) {
  return numbered(kFixPrefix, number);
}

std::vector<std::string> actionLine(const ServiceAction& action, bool undo) {
  const auto& argv = undo ? action.undoArgv : action.argv;
  if (!argv.empty()) return argv;
  const auto& verb = undo ? action.undoVerb : action.verb;
  if (action.reloadManager) return {action.manager, "daemon-reload", verb, action.unit};
  return {action.manager, verb, action.unit};
}

}  // namespace aiops::model
