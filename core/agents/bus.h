// What agents tell each other. Every message is a value that has already been stored.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "analysis/model_opinion.h"
#include "model/change.h"
#include "model/event.h"
#include "model/fix.h"
#include "model/incident.h"

namespace aiops::agents {

/// New events are in the store, with the positions of the bytes they came from.
struct EventsStored {
  std::vector<model::Event> events;
};
/// An incident was opened or changed.
struct IncidentChanged {
  model::Incident incident;
};
/// A diagnosis was made or renewed: the built-in analysts' alone, so that no fix hangs on what a model says.
struct Diagnosed {
  model::Incident incident;
  model::Diagnosis diagnosis;
  std::vector<model::Event> events;
};
/// Asks the owner of incidents (root cause) to move one on and to note why.
struct MoveIncident {
  model::IncidentId incident;
  model::IncidentState to = model::IncidentState::Open;
  model::TimelineEntry entry;
  bool falsePositive = false;  ///< of a person's dismissal
};
/// Tells the owner of incidents (root cause) that a person sees to one.
struct AcknowledgeIncident {
  model::IncidentId incident;
  std::string who;
  base::TimePoint at;
};
/// Tells the owner of incidents (root cause) what a person says the cause was.
struct StateCause {
  model::IncidentId incident;
  model::KnownCause cause;
  std::string text;  ///< for the timeline
};
/// Asks the owner of incidents (root cause) to take back the end of one.
struct ReopenIncident {
  model::IncidentId incident;
  base::TimePoint at;
  std::string text;
};
/// Asks the owner of incidents (root cause) to make two into one.
struct MergeIncidents {
  model::IncidentId from;
  model::IncidentId into;
  std::string who;
};
/// Asks the owner of incidents (root cause) to make an incident `fresh` of a part of one: of all events of
/// these services, and these events.
struct SplitIncident {
  model::IncidentId from;
  model::IncidentId fresh;
  std::vector<std::string> services;
  std::vector<model::EventId> events;
  std::string who;
};
/// What was proposed for the incident no longer fits it.
struct WithdrawFixes {
  model::IncidentId incident;
  std::string why;
};
/// A fix was proposed or moved on.
struct FixChanged {
  model::FixProposal fix;
};
/// A fix reached a final state after it ran.
struct FixFinished {
  model::FixProposal fix;
};
/// A lesson was drawn.
struct OutcomeStored {
  model::Outcome outcome;
  model::Trust trust;
};
/// The stop control or the executor changed.
struct AutomationChanged {};
/// A language model gave its opinion on an incident, or why there is none; not stored yet.
struct ModelSpoke {
  model::IncidentId incident;
  std::optional<analysis::ModelOpinion> opinion;
  std::string why;
};
/// Something was changed that no line of a log tells of.
struct ChangesSeen {
  std::vector<model::Change> changes;
};
/// Patterns were written, switched or read again.
struct PatternsChanged {};
/// What is known changed: learnt, stated, judged or forgotten.
struct KnowledgeChanged {};

using Message = std::variant<EventsStored, IncidentChanged, Diagnosed, MoveIncident, AcknowledgeIncident,
                             StateCause, ReopenIncident, MergeIncidents, SplitIncident, WithdrawFixes,
                             FixChanged, FixFinished, OutcomeStored, AutomationChanged, ModelSpoke,
                             PatternsChanged, ChangesSeen, KnowledgeChanged>;

/// Subscribe before the first publish; publish from any thread. Handlers run on the publisher's thread and
/// only post to their own worker.
class Bus {
 public:
  using Handler = std::function<void(const Message&)>;
  void subscribe(Handler handler) { m_handlers.push_back(std::move(handler)); }
  void publish(const Message& message) const {
    for (const auto& handler : m_handlers) handler(message);
  }

 private:
  std::vector<Handler> m_handlers;
};

}  // namespace aiops::agents
