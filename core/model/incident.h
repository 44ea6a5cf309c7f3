// Correlated events over services, and what the analysts made of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/event.h"
#include "model/ids.h"

namespace aiops::model {

enum class IncidentState : uint8_t {
  Open,
  Investigating,
  AwaitingApproval,
  Fixing,
  Validating,
  Resolved,
  Failed,
  Dismissed,
};
std::string_view toString(IncidentState state);
/// Resolved and dismissed incidents take no further events. A failed one (its fix was undone) is still open.
bool isClosed(IncidentState state);

/// What a person says the cause was: the truth that a diagnosis is measured against.
struct KnownCause {
  std::string service;
  std::string kind;  ///< root-cause kind, as a hypothesis has it
  std::string by;
  base::TimePoint at;
};

/// How much of the work fails, as far as answers to requests are logged.
struct Impact {
  std::string service;    ///< of whose requests the greatest share failed, or empty: no requests are known
  uint64_t requests = 0;  ///< that it answered since the first sign, of the last ten minutes at most
  uint64_t failures = 0;  ///< of them, with a failure of the server (5xx)
  uint32_t failing = 0;   ///< services that logged an error
};

struct Incident {
  IncidentId id;
  uint64_t number = 0;  ///< shown as INC-0231; given by the store
  std::string title;
  Severity severity = Severity::Error;
  IncidentState state = IncidentState::Open;
  std::vector<std::string> services;  ///< in order of first sign
  base::TimePoint startedAt;          ///< event time of the first sign
  base::TimePoint detectedAt;         ///< when the engine opened it
  std::optional<base::TimePoint> endedAt;
  uint64_t eventCount = 0;
  bool falsePositive = false;  ///< a person dismissed it: nothing was wrong
  std::string owner;           ///< who acknowledged it and sees to it, or empty
  std::optional<base::TimePoint> acknowledgedAt;
  std::optional<KnownCause> knownCause;
  std::optional<base::TimePoint> reopenedAt;  ///< a person took its end back
  IncidentId mergedInto;  ///< dismissed because its events are another one's now; counts for nothing
  IncidentId splitFrom;   ///< a person took it out of that one
  /// Whose events belong to an incident that was split from this one, or that this one was split from.
  std::vector<std::string> excludedServices;
  std::optional<Impact> impact;  ///< none before it is looked at
};

enum class Verdict : uint8_t { Confirmed, Likely, Inconclusive, Healthy, Unverified, Rejected };
std::string_view toString(Verdict verdict);

/// One cited line and why it counts. `verified` only after the engine has re-read the bytes.
struct Citation {
  EvidenceRef evidence;
  std::string reason;
  bool verified = false;
};

struct Hypothesis {
  std::string service;
  std::string kind;       ///< root-cause kind, for example "memory_limit_reached"
  std::string statement;  ///< in the engine's own words; values from logs are quoted
  double confidence = 0;  ///< 0 to 1, calibrated: of those said with 0.8, 8 in 10 are right
  double pooled = 0;      ///< what the analysts gave together, before calibration
  Verdict verdict = Verdict::Unverified;
  std::vector<Citation> evidenceFor;
  std::vector<Citation> evidenceAgainst;
  std::vector<std::string> analysts;  ///< who said so
  std::string note;                   ///< why rejected or unverified, or empty
};

/// What one analyst said, also when it disagrees.
struct Opinion {
  std::string analyst;  ///< "Signatures", "Order in time"
  std::string service;
  std::string kind;  ///< may be empty: no opinion on the kind
  double confidence = 0;
  bool agrees = false;  ///< with the best hypothesis
  std::string note;
  double weight = 0;  ///< log-odds that it added to what it speaks of
};

struct FindingField {
  std::string name;
  std::string value;
};

/// What was worked out beyond the cause: the index that would help, who attacks, what changed, when it comes
/// again.
struct Finding {
  std::string type;  ///< "missing_index", "attack", "forecast", "difference"
  std::string service;
  std::string title;                 ///< in the engine's own words
  std::vector<FindingField> fields;  ///< in the order to be read
  std::string text;                  ///< a block to read as it stands or to copy, or empty
  std::vector<Citation> evidence;
};

/// Ranked hypotheses, best first. `Confirmed`, `Likely`, `Inconclusive` or `Healthy`.
struct Diagnosis {
  IncidentId incident;
  Verdict verdict = Verdict::Inconclusive;
  std::vector<Hypothesis> hypotheses;
  std::vector<Opinion> opinions;
  base::TimePoint at;
  std::vector<Finding> findings;
  std::string modelNote;  ///< "no model opinion: ..." where one was asked for in vain, else empty
};

/// One entry of an incident's life, in the order of happening.
struct TimelineEntry {
  base::TimePoint at;
  std::string
      kind;  ///< opened, event, diagnosed, proposed, approved, rejected, step, check, undone, outcome ...
  std::string service;
  std::string text;
};

void to_json(nlohmann::json& json, const KnownCause& value);
void from_json(const nlohmann::json& json, KnownCause& value);
void to_json(nlohmann::json& json, const Impact& value);
void from_json(const nlohmann::json& json, Impact& value);
void to_json(nlohmann::json& json, const Incident& value);
void from_json(const nlohmann::json& json, Incident& value);
void to_json(nlohmann::json& json, const Citation& value);
void from_json(const nlohmann::json& json, Citation& value);
void to_json(nlohmann::json& json, const Hypothesis& value);
void from_json(const nlohmann::json& json, Hypothesis& value);
void to_json(nlohmann::json& json, const Opinion& value);
void from_json(const nlohmann::json& json, Opinion& value);
void to_json(nlohmann::json& json, const FindingField& value);
void from_json(const nlohmann::json& json, FindingField& value);
void to_json(nlohmann::json& json, const Finding& value);
void from_json(const nlohmann::json& json, Finding& value);
void to_json(nlohmann::json& json, const Diagnosis& value);
void from_json(const nlohmann::json& json, Diagnosis& value);
void to_json(nlohmann::json& json, const TimelineEntry& value);
void from_json(const nlohmann::json& json, TimelineEntry& value);
void to_json(nlohmann::json& json, const IncidentState& value);
void from_json(const nlohmann::json& json, IncidentState& value);
void to_json(nlohmann::json& json, const Verdict& value);
void from_json(const nlohmann::json& json, Verdict& value);

}  // namespace aiops::model
