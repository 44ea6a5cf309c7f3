// Events to incidents: the events of one failure, over all services it reaches, become one incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "correlation/service_names.h"
#include "correlation/signal_class.h"
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
/// An event concerns its service and those that its lines point at. It joins an open incident when one that
/// it concerns is one of the incident's, or depends on one of them or the other way round, and it comes
/// within `joinGap` of the incident's last event. The same trouble of the same service joins however long
/// after.
///
/// Otherwise its signal's class decides (signal_class.h). A cause opens a new incident. Other trouble has to
/// last for `lasts` first, and for `lastsAfterChange` when the service, or one that it points at, stopped,
/// started or was reloaded shortly before: a restart's routine messages are no incident. What opened nothing
/// waits `joinGap` for an incident to belong to.
class Correlator {
 public:
  struct Options {
    std::chrono::seconds joinGap{120};  ///< event time
    std::chrono::seconds afterEnd{30};  ///< events up to this long after the end belong to what ended
    /// Trouble that was over for longer than this before an incident opened is not part of it.
    std::chrono::seconds overBefore{30};
    std::chrono::seconds lasts{5};
    std::chrono::seconds lastsAfterChange{10};
  };

  Correlator(Topology topology, Options options);
  // The names refer to the topology beside them.
  Correlator(const Correlator& other);
  Correlator& operator=(const Correlator& other);
  ~Correlator() = default;

  /// Nothing when the event opens no incident and joins none. One that may not open waits, as context does.
  std::optional<Correlated> add(const model::Event& event, base::TimePoint now, bool mayOpen = true);
  /// Takes up an open incident after a restart; `events` in any order.
  void restore(const model::Incident& incident, const std::vector<model::Event>& events);
  /// As restore(), for one that had ended.
  void reopen(const model::Incident& incident, const std::vector<model::Event>& events);
  /// Gives all of `from` to `into`, also what is still to come. `into` as it is then, and which events it
  /// took; nothing when one of them is not open. `from` is known no more.
  struct Merged {
    model::Incident into;
    std::vector<model::EventId> taken;
  };
  std::optional<Merged> merge(const model::IncidentId& from, const model::IncidentId& into);
  /// Makes an incident `fresh` of those events of `from` that `moves` chooses. They don't rejoin: neither
  /// takes events of services that are only the other one's now, and an episode goes on where its events are.
  /// Nothing when it is not open, or all or none are chosen.
  struct Split {
    model::Incident rest;
    model::Incident fresh;
    std::vector<model::EventId> taken;  ///< by `fresh`
  };
  std::optional<Split> split(const model::IncidentId& from, const model::IncidentId& fresh,
                             const std::function<bool(const model::Event&)>& moves, base::TimePoint now);
  /// The incident's new state after another agent changed it; a closed one takes no further events.
  void update(const model::Incident& incident);
  const std::vector<model::Event>* eventsOf(const model::IncidentId& id) const;
  /// Which services the lines of the incident's events point at, by event.
  std::map<model::EventId, std::vector<std::string>> blameOf(const model::IncidentId& id) const;
  /// Event time of the last event, if the incident is open.
  std::optional<base::TimePoint> lastEvent(const model::IncidentId& id) const;
  std::vector<model::Incident> open() const;

 private:
  struct Case {
    model::Incident incident;
    std::vector<model::Event> events;
    base::TimePoint last;             ///< of what is more than context
    std::set<std::string> concerned;  ///< services of its events, and those that these point at
    std::map<model::EventId, std::vector<std::string>> blame;
  };
  /// An event with what was read out of it.
  struct Known {
    model::Event event;
    SignalClass kind = SignalClass::Context;
    std::vector<std::string> blamed;
    bool warns = false;
  };

  Known know(const model::Event& event);
  static Known knownIn(const Case& which, const model::Event& event);
  static Case rebuilt(const Case& origin, model::Incident incident, const std::vector<model::Event>& events);
  std::vector<Case>::iterator find(const model::IncidentId& id);
  std::vector<Case>::iterator homeOf(const Known& known);
  bool opens(const Known& known) const;
  bool lastsFor(const Known& known, base::Duration atLeast) const;
  bool changedBefore(const Known& known) const;
  void wait(Known known);
  static bool repeats(const Case& which, const Known& known);
  bool belongs(const Case& which, const Known& known) const;
  bool isEcho(const model::Event& event, base::TimePoint now) const;
  model::Event sinceTheEnd(model::Event event) const;
  static void attach(Case& to, const Known& known, Correlated& result);
  void takeWaiting(Case& fresh, Correlated& result);
  bool wasOver(const Case& fresh, const Known& known) const;
  void forgetOld(base::TimePoint eventTime);

  Topology m_topology;
  Options m_options;
  ServiceNames m_names;
  std::map<std::pair<std::string, std::string>, std::string> m_versions;  ///< by service and masked line
  std::vector<Case> m_open;
  std::vector<Known> m_waiting;  ///< what opened no incident
  std::vector<Case> m_ended;     ///< to recognise late events
};

}  // namespace aiops::correlation
