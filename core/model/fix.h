// A fix from its proposal to its outcome.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/ids.h"
#include "model/plan.h"

namespace aiops::model {

enum class FixState : uint8_t {
  Proposed,
  Approved,
  Running,
  Validating,
  Succeeded,
  RollingBack,
  RolledBack,
  RollbackFailed,
  NeedsHuman,
  Rejected,
  Expired,
  Stale,
};
std::string_view toString(FixState state);
/// True when nothing further happens to the fix by itself.
bool isFinal(FixState state);

enum class StepState : uint8_t { Waiting, Running, Done, Failed, Undoing, Undone, Unknown };
std::string_view toString(StepState state);

struct StepProgress {
  StepState state = StepState::Waiting;
  std::optional<base::TimePoint> startedAt;
  std::optional<base::TimePoint> endedAt;
  int exitCode = 0;
  std::string output;  ///< first and last part, capped; foreign text
  std::string detail;
};

struct CheckProgress {
  std::string title;
  int passed = 0;
  int needed = 0;
  bool failed = false;
  std::string detail;
};

/// The journal of one run as front ends see it.
struct Execution {
  std::optional<base::TimePoint> startedAt;
  std::optional<base::TimePoint> endedAt;
  std::vector<StepProgress> steps;
  std::vector<CheckProgress> checks;
  std::string detail;  ///< last notable thing, for example why it was undone
};

/// Who approved or rejected, when, and with what words.
struct Decision {
  std::string who;
  std::string what;  ///< "approved" or "rejected"
  std::string reason;
  base::TimePoint at;
};

/// A playbook bound to parameters, offered for one incident.
struct FixProposal {
  FixId id;
  uint64_t number = 0;  ///< shown as FIX-0087; given by the store
  IncidentId incident;
  std::string title;
  std::string fixKind;  ///< for example "raise_limit"
  Plan plan;
  std::string planHash;  ///< canonicalHash(plan), 64 hex digits
  FixState state = FixState::Proposed;
  base::TimePoint proposedAt;
  base::TimePoint expiresAt;  ///< for display; the gate counts time since boot
  std::string why;            ///< the best hypothesis in one line
  double whyConfidence = 0;
  std::vector<std::string> reaches;  ///< what it touches, in words
  std::vector<std::string> unsure;   ///< what is not known; never empty without saying so
  std::string history;               ///< "worked 3 of 3 here"
  std::vector<Decision> decisions;
  Execution execution;
};

/// Names the target a person must type, and whether typing is needed, by risk (UX rule).
bool needsTypedTarget(const FixProposal& fix);

enum class OutcomeResult : uint8_t { Worked, Undone, Failed };
std::string_view toString(OutcomeResult result);

/// What happened in the end.
struct Outcome {
  OutcomeId id;
  FixId fix;
  IncidentId incident;
  std::string playbookId;
  std::string context;  ///< service and root-cause kind, "web/memory_limit_reached"
  OutcomeResult result = OutcomeResult::Failed;
  std::string detail;
  std::vector<CheckProgress> checks;
  std::chrono::milliseconds timeToRecover{0};  ///< first sign to validated
  base::TimePoint at;
};

/// Trust in a playbook in one context: a Beta posterior with a uniform prior.
struct Trust {
  std::string playbookId;
  std::string context;
  uint32_t worked = 0;
  uint32_t tried = 0;
  double mean = 0.5;
  double low = 0;  ///< 90 % interval
  double high = 1;
  std::string words;  ///< "worked 3 of 3 here"
};

void to_json(nlohmann::json& json, const StepProgress& value);
void from_json(const nlohmann::json& json, StepProgress& value);
void to_json(nlohmann::json& json, const CheckProgress& value);
void from_json(const nlohmann::json& json, CheckProgress& value);
void to_json(nlohmann::json& json, const Execution& value);
void from_json(const nlohmann::json& json, Execution& value);
void to_json(nlohmann::json& json, const Decision& value);
void from_json(const nlohmann::json& json, Decision& value);
void to_json(nlohmann::json& json, const FixProposal& value);
void from_json(const nlohmann::json& json, FixProposal& value);
void to_json(nlohmann::json& json, const Outcome& value);
void from_json(const nlohmann::json& json, Outcome& value);
void to_json(nlohmann::json& json, const Trust& value);
void from_json(const nlohmann::json& json, Trust& value);
void to_json(nlohmann::json& json, const FixState& value);
void from_json(const nlohmann::json& json, FixState& value);
void to_json(nlohmann::json& json, const StepState& value);
void from_json(const nlohmann::json& json, StepState& value);
void to_json(nlohmann::json& json, const OutcomeResult& value);
void from_json(const nlohmann::json& json, OutcomeResult& value);

}  // namespace aiops::model
