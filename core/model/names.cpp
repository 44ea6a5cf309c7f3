// The stable names of the enumerations.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "model/calibration.h"
#include "model/fix.h"
#include "model/incident.h"
#include "model/past_incident.h"
#include "model/pattern.h"
#include "model/pattern_type.h"
#include "model/setting.h"
#include "model/severity.h"
#include "model/status.h"

namespace aiops::model {
namespace {

template <class Enum, size_t N>
std::string_view nameOf(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<size_t>(value);
  return index < N ? names[index] : "unknown";
}

template <class Enum, size_t N>
std::optional<Enum> valueOf(const std::array<std::string_view, N>& names, std::string_view text) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 5> kSeverities{"debug", "info", "warning", "error", "critical"};
constexpr std::array<std::string_view, 3> kRisks{"low", "medium", "high"};
constexpr std::array<std::string_view, 8> kIncidentStates{
    "open", "investigating", "awaiting_approval", "fixing", "validating", "resolved", "failed", "dismissed"};
constexpr std::array<std::string_view, 6> kVerdicts{"confirmed", "likely",     "inconclusive",
                                                    "healthy",   "unverified", "rejected"};
constexpr std::array<std::string_view, 3> kCauseBases{"diagnosis", "fix", "person"};
constexpr std::array<std::string_view, 3> kJudges{"undone_fix", "fix", "person"};
constexpr std::array<std::string_view, 12> kFixStates{
    "proposed",    "approved",        "running",     "validating", "succeeded", "rolling_back",
    "rolled_back", "rollback_failed", "needs_human", "rejected",   "expired",   "stale"};
constexpr std::array<std::string_view, 7> kStepStates{"waiting", "running", "done",   "failed",
                                                      "undoing", "undone",  "unknown"};
constexpr std::array<std::string_view, 3> kPatternOrigins{"shipped", "operator", "edited"};
constexpr std::array<std::string_view, 9> kSettingTypes{"text",     "number", "integer", "switch", "choice",
                                                        "duration", "path",   "list",    "secret"};
constexpr std::array<std::string_view, 3> kOutcomes{"worked", "undone", "failed"};
constexpr std::array<std::string_view, 5> kAgentStates{"active", "idle", "waiting", "disabled", "failed"};

}  // namespace

std::string_view toString(Severity value) {
  return nameOf(kSeverities, value);
}
std::string_view toString(Risk value) {
  return nameOf(kRisks, value);
}
std::string_view toString(IncidentState value) {
  return nameOf(kIncidentStates, value);
}
std::string_view toString(Verdict value) {
  return nameOf(kVerdicts, value);
}
std::string_view toString(CauseBasis value) {
  return nameOf(kCauseBases, value);
}
std::string_view toString(Judge value) {
  return nameOf(kJudges, value);
}
std::string_view toString(FixState value) {
  return nameOf(kFixStates, value);
}
std::string_view toString(StepState value) {
  return nameOf(kStepStates, value);
}
std::string_view toString(OutcomeResult value) {
  return nameOf(kOutcomes, value);
}
std::string_view toString(AgentState value) {
  return nameOf(kAgentStates, value);
}

std::optional<Severity> severityFromString(std::string_view text) {
  return valueOf<Severity>(kSeverities, text);
}
std::optional<Risk> riskFromString(std::string_view text) {
  return valueOf<Risk>(kRisks, text);
}

bool isClosed(IncidentState state) {
  return state == IncidentState::Resolved || state == IncidentState::Dismissed;
}

bool isFinal(FixState state) {
  switch (state) {
    case FixState::Succeeded:
    case FixState::RolledBack:
    case FixState::RollbackFailed:
    case FixState::NeedsHuman:
    case FixState::Rejected:
    case FixState::Expired:
    case FixState::Stale:
      return true;
    default:
      return false;
  }
}

bool needsTypedTarget(const FixProposal& fix) {
  return fix.plan.risk == Risk::High || fix.plan.irreversible;
}

std::string_view toString(PatternKeyKind kind) {
  switch (kind) {
    case PatternKeyKind::Text:
      return "text";
    case PatternKeyKind::LongText:
      return "long_text";
    case PatternKeyKind::Expression:
      return "expression";
    case PatternKeyKind::FieldTests:
      return "field_tests";
    case PatternKeyKind::Conditions:
      return "conditions";
    case PatternKeyKind::Integer:
      return "integer";
    case PatternKeyKind::Number:
      return "number";
    case PatternKeyKind::Flag:
      return "flag";
    case PatternKeyKind::Choice:
      return "choice";
    case PatternKeyKind::Lines:
      return "lines";
    case PatternKeyKind::Group:
      return "group";
    case PatternKeyKind::Groups:
      return "groups";
  }
  return "text";
}

std::string_view toString(PatternOrigin origin) {
  return nameOf(kPatternOrigins, origin);
}

std::string_view toString(SettingType type) {
  return nameOf(kSettingTypes, type);
}

}  // namespace aiops::model
