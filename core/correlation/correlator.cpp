// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/correlator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>
#include <utility>

#include "correlation/change_reader.h"

namespace aiops::correlation {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

bool isContext(const model::Event& event) {
  return classOf(event.signal, event.severity) == SignalClass::Context;
}

bool isChange(const model::Event& event) {
  static constexpr std::array<std::string_view, 5> kChanges = {
      "service_started", "service_stopping", "service_stopped", "version_changed", "config_reloaded"};
  return std::ranges::find(kChanges, event.signal) != kChanges.end();
}

bool isSameEpisode(const model::Event& a, const model::Event& b) {
  return a.patternId == b.patternId && a.service == b.service && a.key == b.key;
}

/// Those of `all` that are not among `others`, added to `to` once.
void addMissing(std::vector<std::string>& to, const std::vector<std::string>& all,
                const std::vector<std::string>& others) {
  for (const auto& name : all) {
    if (!contains(others, name) && !contains(to, name)) to.push_back(name);
  }
}

/// The services in the order of their first sign.
std::vector<std::string> servicesByFirstSign(std::vector<model::Event> events) {
  std::ranges::stable_sort(events, {}, &model::Event::first);
  std::vector<std::string> services;
  for (const auto& event : events) {
    if (isContext(event) || contains(services, event.service)) continue;
    services.push_back(event.service);
  }
  return services;
}

std::string titleOf(const std::vector<model::Event>& events) {
  const auto worst = std::ranges::max_element(events, [](const auto& a, const auto& b) {
    return std::pair(a.severity, b.first) < std::pair(b.severity, a.first);
  });
  return worst->service + ": " + worst->patternName;
}

}  // namespace

Correlator::Correlator(Topology topology, Options options)
    : m_topology(std::move(topology)), m_options(options), m_names(m_topology) {}

Correlator::Correlator(const Correlator& other)
    : m_topology(other.m_topology),
      m_options(other.m_options),
      m_names(other.m_names, m_topology),
      m_versions(other.m_versions),
      m_open(other.m_open),
      m_waiting(other.m_waiting),
      m_ended(other.m_ended) {}

Correlator& Correlator::operator=(const Correlator& other) {
  if (this == &other) return *this;
  m_topology = other.m_topology;
  m_options = other.m_options;
  m_names.takeOver(other.m_names);
  m_versions = other.m_versions;
  m_open = other.m_open;
  m_waiting = other.m_waiting;
  m_ended = other.m_ended;
  return *this;
}

/// Reads out of an event what correlation needs, and learns from it. A start that names another version than
/// the same line did the last time is a change of version.
Correlator::Known Correlator::know(const model::Event& event) {
  Known known{.event = event};
  m_names.learn(event);
  const auto version = event.captures.find("version");
  if (event.signal == "service_started" && version != event.captures.end()) {
    auto& last = m_versions[{event.service, maskedLine(event)}];
    if (!last.empty() && last != version->second) {
      known.event.signal = "version_changed";
      known.event.captures["previous_version"] = last;
    }
    last = version->second;
  }
  known.kind = classOf(known.event.signal, event.severity);
  known.blamed = m_names.blamedBy(event);
  known.warns = onlyWarns(event);
  return known;
}

bool Correlator::lastsFor(const Known& known, base::Duration atLeast) const {
  const auto& event = known.event;
  auto first = event.first;
  for (const auto& other : m_waiting) {
    if (other.event.patternId == event.patternId && other.event.service == event.service &&
        other.event.last + m_options.afterEnd >= event.first) {
      first = std::min(first, other.event.first);
    }
  }
  return event.last - first >= atLeast;
}

/// True when the service, or one that it points at, was changed while the trouble began.
bool Correlator::changedBefore(const Known& known) const {
  return std::ranges::any_of(m_waiting, [&](const Known& other) {
    const auto& change = other.event;
    return isChange(change) && change.last + m_options.lastsAfterChange >= known.event.first &&
           change.first <= known.event.last &&
           (change.service == known.event.service || contains(known.blamed, change.service));
  });
}

bool Correlator::opens(const Known& known) const {
  switch (known.kind) {
    case SignalClass::Context:
    case SignalClass::Sign:
      return false;
    case SignalClass::Cause:
      return known.event.severity >= model::Severity::Error;
    case SignalClass::Symptom:
      if (known.warns) return false;
      [[fallthrough]];
    case SignalClass::Lasting:
      return lastsFor(known, changedBefore(known) ? m_options.lastsAfterChange : m_options.lasts);
  }
  return false;
}

/// Keeps one entry of each episode: the newest.
void Correlator::wait(Known known) {
  std::erase_if(m_waiting, [&](const Known& other) {
    return other.event.patternId == known.event.patternId && other.event.service == known.event.service &&
           other.event.key == known.event.key && other.event.first == known.event.first;
  });
  m_waiting.push_back(std::move(known));
}

/// The same trouble of the same service: however long after, while the incident is open it is no other one.
bool Correlator::repeats(const Case& which, const Known& known) {
  if (known.kind == SignalClass::Context || known.kind == SignalClass::Sign) return false;
  return std::ranges::any_of(which.events, [&](const auto& event) {
    return event.service == known.event.service && event.signal == known.event.signal;
  });
}

bool Correlator::belongs(const Case& which, const Known& known) const {
  const auto& event = known.event;
  if (contains(which.incident.excludedServices, event.service)) return false;
  if (event.first > which.last + m_options.joinGap && !repeats(which, known)) return false;
  if (event.last + m_options.joinGap < which.incident.startedAt) return false;
  // Silence is told of who depends on the same as those in trouble, too: a worker beside who gives it work.
  const bool silent = event.signal == "service_silent";
  const auto related = [&](const std::string& service) {
    return std::ranges::any_of(which.concerned, [&](const auto& other) {
      return m_topology.related(other, service) || (silent && m_topology.share(other, service));
    });
  };
  return related(event.service) || std::ranges::any_of(known.blamed, related);
}

/// What was split off keeps its episodes, though the services may be related. Of several that it may belong
/// to, the one that it repeats, then the one that has the service, then the one whose last event is nearest.
std::vector<Correlator::Case>::iterator Correlator::homeOf(const Known& known) {
  const auto& event = known.event;
  const auto own = std::ranges::find_if(m_open, [&](const Case& c) {
    return !c.incident.splitFrom.empty() && belongs(c, known) &&
           std::ranges::any_of(c.events, [&](const auto& e) { return isSameEpisode(e, event); });
  });
  if (own != m_open.end()) return own;
  const auto distance = [&](const Case& c) {
    const auto apart = std::max({event.first - c.last, c.incident.startedAt - event.last, base::Duration(0)});
    return std::tuple(!repeats(c, known), !contains(c.incident.services, event.service), apart);
  };
  auto best = m_open.end();
  for (auto at = m_open.begin(); at != m_open.end(); ++at) {
    if (belongs(*at, known) && (best == m_open.end() || distance(*at) < distance(*best))) best = at;
  }
  return best;
}

/// What ended later than it is now has ended before the clock was put back: then times tell nothing of order.
bool Correlator::isEcho(const model::Event& event, base::TimePoint now) const {
  return std::ranges::any_of(m_ended, [&](const Case& ended) {
    return ended.incident.endedAt && *ended.incident.endedAt <= now + base::kClockStep &&
           event.last <= *ended.incident.endedAt + m_options.afterEnd &&
           event.last >= ended.incident.startedAt && contains(ended.incident.services, event.service);
  });
}

/// The event without what belongs to an incident that has ended.
model::Event Correlator::sinceTheEnd(model::Event event) const {
  for (const auto& ended : m_ended) {
    const auto& incident = ended.incident;
    if (!incident.endedAt || event.first > *incident.endedAt || event.last <= *incident.endedAt ||
        !contains(incident.services, event.service)) {
      continue;
    }
    std::erase_if(event.evidence, [&](const auto& ref) { return ref.time <= *incident.endedAt; });
    event.first = event.evidence.empty() ? event.last : event.evidence.front().time;
  }
  return event;
}

void Correlator::attach(Case& to, const Known& known, Correlated& result) {
  const auto& event = known.event;
  // Also of a line that was seen before its turn: read again in its turn, it is the same event.
  if (std::ranges::any_of(to.events, [&](const auto& e) { return e.id == event.id; })) return;
  to.events.push_back(event);
  to.blame[event.id] = known.blamed;
  result.attached.push_back(event.id);
  auto& incident = to.incident;
  ++incident.eventCount;
  if (known.kind == SignalClass::Context) return;
  to.last = std::max(to.last, event.last);
  to.concerned.insert(event.service);
  to.concerned.insert(known.blamed.begin(), known.blamed.end());
  incident.startedAt = std::min(incident.startedAt, event.first);
  incident.severity = std::max(incident.severity, event.severity);
  incident.services = servicesByFirstSign(to.events);
}

void Correlator::forgetOld(base::TimePoint eventTime) {
  std::erase_if(m_waiting,
                [&](const auto& known) { return known.event.last + m_options.joinGap < eventTime; });
  std::erase_if(m_ended, [&](const auto& c) {
    return c.incident.endedAt && *c.incident.endedAt + m_options.afterEnd < eventTime;
  });
}

std::optional<Correlated> Correlator::add(const model::Event& whole, base::TimePoint now, bool mayOpen) {
  forgetOld(whole.first);
  auto known = know(sinceTheEnd(whole));
  Correlated result;
  const auto home = homeOf(known);
  if (home != m_open.end()) {
    attach(*home, known, result);
    result.incident = home->incident;
    return result;
  }
  if (isEcho(known.event, now)) return std::nullopt;
  if (!mayOpen || !opens(known)) {
    wait(std::move(known));
    return std::nullopt;
  }
  const auto& event = known.event;
  Case fresh{.incident = {.id = model::IncidentId::create(), .startedAt = event.first, .detectedAt = now},
             .events = {},
             .last = event.last,
             .concerned = {},
             .blame = {}};
  fresh.incident.severity = event.severity;
  attach(fresh, known, result);
  takeWaiting(fresh, result);
  fresh.incident.title = titleOf(fresh.events);
  result.opened = true;
  result.incident = fresh.incident;
  m_open.push_back(std::move(fresh));
  return result;
}

/// True for trouble, not context and not a warning sign, that had ended well before the incident began.
bool Correlator::wasOver(const Case& fresh, const Known& known) const {
  const bool opener = known.kind == SignalClass::Symptom || known.kind == SignalClass::Lasting;
  return opener && known.event.last + m_options.overBefore < fresh.incident.startedAt;
}

/// What waited for this incident; each that joins may concern further services.
void Correlator::takeWaiting(Case& fresh, Correlated& result) {
  for (bool joined = true; joined;) {
    joined = false;
    for (auto& waiting : std::exchange(m_waiting, {})) {
      if (belongs(fresh, waiting) && !wasOver(fresh, waiting)) {
        attach(fresh, waiting, result);
        joined = joined || waiting.kind != SignalClass::Context;
      } else {
        m_waiting.push_back(std::move(waiting));
      }
    }
  }
}

void Correlator::restore(const model::Incident& incident, const std::vector<model::Event>& events) {
  Case restored{.incident = incident, .events = {}, .last = incident.startedAt, .concerned = {}, .blame = {}};
  Correlated ignored;
  for (const auto& event : events) attach(restored, know(event), ignored);
  restored.incident = incident;
  m_open.push_back(std::move(restored));
}

std::vector<Correlator::Case>::iterator Correlator::find(const model::IncidentId& id) {
  return std::ranges::find_if(m_open, [&](const Case& c) { return c.incident.id == id; });
}

void Correlator::reopen(const model::Incident& incident, const std::vector<model::Event>& events) {
  std::erase_if(m_ended, [&](const Case& c) { return c.incident.id == incident.id; });
  if (find(incident.id) == m_open.end()) restore(incident, events);
}

/// What was read out of an event when it came.
Correlator::Known Correlator::knownIn(const Case& which, const model::Event& event) {
  const auto blamed = which.blame.find(event.id);
  return {.event = event,
          .kind = classOf(event.signal, event.severity),
          .blamed = blamed == which.blame.end() ? std::vector<std::string>{} : blamed->second,
          .warns = onlyWarns(event)};
}

/// `incident` with what follows from `events`, which are some of those of `origin`.
Correlator::Case Correlator::rebuilt(const Case& origin, model::Incident incident,
                                     const std::vector<model::Event>& events) {
  const auto earliest = std::ranges::min_element(events, {}, &model::Event::first)->first;
  incident.services.clear();
  incident.eventCount = 0;
  incident.severity = model::Severity::Debug;
  incident.startedAt = base::TimePoint::max();
  Case out{.incident = std::move(incident), .events = {}, .last = earliest, .concerned = {}, .blame = {}};
  Correlated ignored;
  for (const auto& event : events) attach(out, knownIn(origin, event), ignored);
  if (out.incident.services.empty()) {  // context alone
    out.incident.startedAt = earliest;
    out.incident.services = {events.front().service};
    out.concerned.insert(events.front().service);
  }
  return out;
}

std::optional<Correlator::Merged> Correlator::merge(const model::IncidentId& from,
                                                    const model::IncidentId& into) {
  const auto source = find(from), target = find(into);
  if (from == into || source == m_open.end() || target == m_open.end()) return std::nullopt;
  Correlated result;
  for (const auto& event : source->events) attach(*target, knownIn(*source, event), result);
  auto& excluded = target->incident.excludedServices;
  std::erase_if(excluded, [&](const auto& service) { return contains(source->incident.services, service); });
  Merged merged{.into = target->incident, .taken = std::move(result.attached)};
  m_open.erase(source);
  return merged;
}

std::optional<Correlator::Split> Correlator::split(const model::IncidentId& from,
                                                   const model::IncidentId& fresh,
                                                   const std::function<bool(const model::Event&)>& moves,
                                                   base::TimePoint now) {
  const auto origin = find(from);
  if (origin == m_open.end()) return std::nullopt;
  std::vector<model::Event> moved, kept;
  for (const auto& event : origin->events) (moves(event) ? moved : kept).push_back(event);
  if (moved.empty() || kept.empty()) return std::nullopt;
  auto part = rebuilt(*origin,
                      {.id = fresh,
                       .title = titleOf(moved),
                       .detectedAt = now,
                       .owner = origin->incident.owner,
                       .acknowledgedAt = origin->incident.acknowledgedAt,
                       .splitFrom = from,
                       .excludedServices = origin->incident.excludedServices},
                      moved);
  auto rest = rebuilt(*origin, origin->incident, kept);
  addMissing(part.incident.excludedServices, rest.incident.services, part.incident.services);
  addMissing(rest.incident.excludedServices, part.incident.services, rest.incident.services);
  Split out{.rest = rest.incident, .fresh = part.incident, .taken = {}};
  for (const auto& event : moved) out.taken.push_back(event.id);
  *origin = std::move(rest);
  m_open.push_back(std::move(part));
  return out;
}

void Correlator::update(const model::Incident& incident) {
  const auto found = find(incident.id);
  if (found == m_open.end()) return;
  found->incident = incident;
  if (!model::isClosed(incident.state)) return;
  m_ended.push_back(std::move(*found));
  m_open.erase(found);
}

const std::vector<model::Event>* Correlator::eventsOf(const model::IncidentId& id) const {
  const auto found = std::ranges::find_if(m_open, [&](const Case& c) { return c.incident.id == id; });
  return found == m_open.end() ? nullptr : &found->events;
}

std::map<model::EventId, std::vector<std::string>> Correlator::blameOf(const model::IncidentId& id) const {
  const auto found = std::ranges::find_if(m_open, [&](const Case& c) { return c.incident.id == id; });
  return found == m_open.end() ? std::map<model::EventId, std::vector<std::string>>{} : found->blame;
}

std::optional<base::TimePoint> Correlator::lastEvent(const model::IncidentId& id) const {
  const auto found = std::ranges::find_if(m_open, [&](const Case& c) { return c.incident.id == id; });
  if (found == m_open.end()) return std::nullopt;
  return found->last;
}

std::vector<model::Incident> Correlator::open() const {
  std::vector<model::Incident> incidents;
  for (const auto& item : m_open) incidents.push_back(item.incident);
  return incidents;
}

}  // namespace aiops::correlation
