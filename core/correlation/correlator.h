// Events to incidents: the events of one failure, over all services it reaches, become one incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "correlation/topology.h"
#include "model/event.h"
#include "model/incident.h"

namespace aiops::correlation {

/// What adding an event did. `incident` carries the new state and must be saved.
struct Correlated {
  model::Incident incident;
  bool opened = false;
  std::vector<model::EventId> attached;  ///< this event, and earlier warnings that belong to it
};

/// A failure that goes on after its incident ended opens a new one, which begins with what came after the
/// end.
///
/// Not thread safe: belongs to one agent. Same events in the same order give the same incidents (but for
/// ids).
///
/// An event joins an open incident when its service is one of the incident's, or depends on one of them or
/// the other way round, and it comes within `joinGap` of the incident's last event. Otherwise an error opens
/// a new incident; a warning waits `joinGap` for one to belong to.
class Correlator {
 public:
  struct Options {
    std::chrono::seconds joinGap{120};  ///< event time
    std::chrono::seconds afterEnd{30};  ///< events up to this long after the end belong to what ended
  };

  Correlator(Topology topology, Options options);

  /// Nothing when the event opens no incident and joins none.
  std::optional<Correlated> add(const model::Event& event, base::TimePoint now);
  /// Takes up an open incident after a restart; `events` in any order.
  void restore(const model::Incident& incident, const std::vector<model::Event>& events);
  /// The incident's new state after another agent changed it; a closed one takes no further events.
  void update(const model::Incident& incident);
  const std::vector<model::Event>* eventsOf(const model::IncidentId& id) const;
  /// Event time of the last event, if the incident is open.
  std::optional<base::TimePoint> lastEvent(const model::IncidentId& id) const;
  std::vector<model::Incident> open() const;

 private:
  struct Case {
    model::Incident incident;
    std::vector<model::Event> events;
    base::TimePoint last;
  };

  bool belongs(const Case& which, const model::Event& event) const;
  bool isEcho(const model::Event& event) const;
  model::Event sinceTheEnd(model::Event event) const;
  void attach(Case& to, const model::Event& event, Correlated& result);
  void forgetOld(base::TimePoint eventTime);

  Topology m_topology;
  Options m_options;
  std::vector<Case> m_open;
  std::vector<model::Event> m_waiting;  ///< warnings without an incident
  std::vector<Case> m_ended;            ///< to recognise late events
};

}  // namespace aiops::correlation
