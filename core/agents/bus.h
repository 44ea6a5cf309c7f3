// What agents tell each other. Every message is a value that has already been stored.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

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
/// A diagnosis was made or renewed.
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
/// Patterns were written, switched or read again.
struct PatternsChanged {};

using Message = std::variant<EventsStored, IncidentChanged, Diagnosed, MoveIncident, FixChanged, FixFinished,
                             OutcomeStored, AutomationChanged, PatternsChanged>;

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
