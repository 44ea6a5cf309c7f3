// All that a front end may ask, do or subscribe to. Asynchronous, paged, and made of values that serialise,
// so that it works the same in this process and over HTTP. Front ends (api, ui, cli) are peers on this
// interface. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/audit.h"
#include "model/dry_run.h"
#include "model/event.h"
#include "model/fix.h"
#include "model/incident.h"
#include "model/log_line.h"
#include "model/past_incident.h"
#include "model/status.h"
#include "service/agent_operations.h"
#include "service/change_operations.h"
#include "service/knowledge_operations.h"
#include "service/learning_operations.h"
#include "service/pattern_operations.h"
#include "service/reply.h"
#include "service/settings_operations.h"
#include "service/silence_operations.h"
#include "service/source_operations.h"

namespace aiops::service {

/// Lines per bucket of one service around an incident. Buckets are `bucketSeconds` wide from `from`.
struct TimelineLane {
  std::string service;
  std::string role;  ///< "root cause", "failing", "unaffected"
  std::vector<uint32_t> all;
  std::vector<uint32_t> warnings;  ///< warning and above, part of `all`
  std::optional<base::TimePoint> firstSign;
  std::string firstSignText;
};

struct Timeline {
  base::TimePoint from;
  base::TimePoint to;
  uint32_t bucketSeconds = 1;
  std::vector<TimelineLane> lanes;            ///< root cause first, then by first sign
  std::vector<model::TimelineEntry> entries;  ///< changes and actions
};

/// An incident with everything known about it.
struct Investigation {
  model::Incident incident;
  model::Diagnosis diagnosis;
  std::vector<model::Event> events;
  std::vector<model::FixProposal> fixes;
  std::vector<model::Outcome> outcomes;
  std::vector<model::SimilarIncident> similar;  ///< past ones, the most alike first
  std::vector<model::Change> changes;           ///< that may have to do with it, by time
  Timeline timeline;
};

/// One row of the list.
struct InvestigationSummary {
  model::Incident incident;
  model::Verdict verdict = model::Verdict::Inconclusive;
  double confidence = 0;
  std::string cause;  ///< statement of the best hypothesis, or empty
};

/// All events of some services, or some events: one of the two.
struct IncidentPart {
  std::vector<std::string> services;
  std::vector<std::string> events;  ///< ids
};

/// Incidents, and how they were judged.
class InvestigationOperations {
 public:
  virtual ~InvestigationOperations() = default;
  virtual void listInvestigations(PageRequest page, Reply<Page<InvestigationSummary>> reply) = 0;
  /// `id` is the incident's UUID or its number in the form INC-0231.
  virtual void investigation(std::string id, Reply<Investigation> reply) = 0;
  /// The caller sees to it: others see who. Again by the same caller changes nothing, by another one it is
  /// taken over. Conflict when it has ended.
  virtual void acknowledgeIncident(Caller caller, std::string id, Reply<model::Incident> reply) = 0;
  /// A person says that nothing was wrong; counts as a false alarm. Conflict when it has ended or a fix runs.
  virtual void dismissIncident(Caller caller, std::string id, std::string reason,
                               Reply<model::Incident> reply) = 0;
  /// The caller says what the cause was, also of an incident that has ended; both empty: the best hypothesis
  /// is right. Conflict when there is none or it was dismissed; InvalidInput, with what there is, for an
  /// unknown service or kind.
  virtual void stateCause(Caller caller, std::string id, std::string service, std::string kind,
                          Reply<model::Incident> reply) = 0;
  /// Takes back a dismissal or another end of the last 24 hours, and what it counted for. Conflict when it is
  /// longer ago, it has not ended or was merged, or a newer one has taken over.
  virtual void reopenIncident(Caller caller, std::string id, Reply<model::Incident> reply) = 0;
  /// Gives all of one open incident to another open one. The first is dismissed, counts for nothing and says
  /// `mergedInto`. Conflict when one has ended or a fix of one is approved or runs.
  virtual void mergeIncident(Caller caller, std::string id, std::string into,
                             Reply<model::Incident> reply) = 0;
  /// Makes an incident of its own of a part of an open one, and replies with it; it has no number yet.
  /// Conflict as above.
  virtual void splitIncident(Caller caller, std::string id, IncidentPart part,
                             Reply<model::Incident> reply) = 0;
};

/// Proposed, running and finished fixes.
class FixOperations {
 public:
  virtual ~FixOperations() = default;
  virtual void listFixes(PageRequest page, Reply<Page<model::FixProposal>> reply) = 0;
  /// `id` is the fix's UUID or FIX-0087, here and below.
  virtual void fix(std::string id, Reply<model::FixProposal> reply) = 0;
  /// `planHash` is the plan the caller has seen: another one is Stale.
  virtual void approveFix(Caller caller, std::string id, std::string planHash,
                          Reply<model::FixProposal> reply) = 0;
  virtual void rejectFix(Caller caller, std::string id, std::string reason,
                         Reply<model::FixProposal> reply) = 0;
  /// Tries a fix that waits, without its effects; the executor does it. Takes up to some seconds.
  virtual void dryRunFix(std::string id, Reply<model::DryRun> reply) = 0;
  virtual void trust(Reply<std::vector<model::Trust>> reply) = 0;
  virtual void listOutcomes(PageRequest page, Reply<Page<model::Outcome>> reply) = 0;
};

/// The stop control.
class AutomationOperations {
 public:
  virtual ~AutomationOperations() = default;
  /// In effect when the reply comes (at most a second): no new step starts, a running one is ended and
  /// undone.
  virtual void stopAutomation(Caller caller, std::string reason, Reply<model::AutomationState> reply) = 0;
  virtual void resumeAutomation(Caller caller, std::string reason, Reply<model::AutomationState> reply) = 0;
};

/// How the program is doing, its audit and its live log.
class StatusOperations {
 public:
  virtual ~StatusOperations() = default;
  virtual void status(Reply<model::EngineStatus> reply) = 0;
  virtual void listAudit(PageRequest page, Reply<Page<model::AuditEntry>> reply) = 0;
  virtual void verifyAudit(Reply<model::AuditVerification> reply) = 0;
  /// Up to `limit` lines from sequence `from` on; 0 means the newest `limit`.
  virtual void tailLogs(uint64_t from, uint32_t limit, Reply<model::LogSlice> reply) = 0;
};

/// What changed; the subscriber asks for the new state itself.
enum class Change : uint8_t { Incidents, Fixes, Automation, Status, Patterns, Settings, Knowledge };

/// A key that was just made. `text` is shown once and kept nowhere.
struct NewKey {
  std::string id;
  std::string text;
};

/// Who may come in over HTTP.
class KeyOperations {
 public:
  virtual ~KeyOperations() = default;
  /// `scope`: read, ingest, operate, approve or admin.
  virtual void createApiKey(Caller caller, std::string name, std::string scope, Reply<NewKey> reply) = 0;
};

class Operations : public InvestigationOperations,
                   public FixOperations,
                   public AutomationOperations,
                   public StatusOperations,
                   public KeyOperations {
 public:
  // The wider use cases, each an interface of its own; they live as long as this.
  virtual PatternOperations& patterns() = 0;
  virtual AgentOperations& agents() = 0;
  virtual LearningOperations& learning() = 0;
  virtual SettingsOperations& settings() = 0;
  virtual SourceOperations& sources() = 0;
  virtual SilenceOperations& silences() = 0;
  virtual ChangeOperations& changes() = 0;
  virtual KnowledgeOperations& knowledge() = 0;

  /// Ends the subscription on destruction; no call arrives after that.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };
  /// `onChange` is called on a thread of the engine.
  virtual std::unique_ptr<Subscription> subscribe(std::function<void(Change)> onChange) = 0;
};

}  // namespace aiops::service
