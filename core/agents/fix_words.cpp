// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/fix_words.h"

namespace aiops::agents {

using model::FixState;
using model::IncidentState;

bool isRunning(FixState state) {
  return state == FixState::Running || state == FixState::Validating || state == FixState::RollingBack;
}

std::string textOf(FixState state, const std::string& detail) {
  const auto with = [&](const char* text) {
    return detail.empty() ? text : std::string(text) + ": " + detail;
  };
  switch (state) {
    case FixState::Running:
      return "running the approved plan";
    case FixState::Validating:
      return "all steps done, checking the effect";
    case FixState::Succeeded:
      return with("validated");
    case FixState::RollingBack:
      return with("taking everything back");
    case FixState::RolledBack:
      return with("undone");
    case FixState::RollbackFailed:
      return with("the undo failed");
    case FixState::NeedsHuman:
      return with("a person must look");
    case FixState::Stale:
      return with("the plan is void");
    case FixState::Expired:
      return with("expired, not approved");
    default:
      return std::string(toString(state));
  }
}

std::optional<IncidentState> incidentStateFor(FixState state) {
  switch (state) {
    case FixState::Proposed:
      return IncidentState::AwaitingApproval;
    case FixState::Running:
      return IncidentState::Fixing;
    case FixState::Validating:
      return IncidentState::Validating;
    case FixState::Succeeded:
      return IncidentState::Resolved;
    case FixState::RolledBack:
    case FixState::RollbackFailed:
    case FixState::NeedsHuman:
      return IncidentState::Failed;
    case FixState::Rejected:
    case FixState::Expired:
    case FixState::Stale:
      return IncidentState::Investigating;
    default:
      return std::nullopt;
  }
}

}  // namespace aiops::agents
