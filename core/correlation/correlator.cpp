// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/correlator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

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

/// The first cited line with every number as one '#': the same text of another version or process.
std::string masked(const model::Event& event) {
  std::string out;
  if (event.evidence.empty()) return out;
  for (const char c : event.evidence.front().text) {
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!digit) {
      out += c;
    } else if (out.empty() || out.back() != '#') {
      out += '#';
    }
  }
  return out;
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
    auto& last = m_versions[{event.service, masked(event)}];
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

bool Correlator::belongs(const Case& which, const Known& known) const {
  const auto& event = known.event;
  if (event.first > which.last + m_options.joinGap) return false;
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

bool Correlator::isEcho(const model::Event& event) const {
  return std::ranges::any_of(m_ended, [&](const Case& ended) {
    return ended.incident.endedAt && event.last <= *ended.incident.endedAt + m_options.afterEnd &&
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
  const auto same = std::ranges::find_if(to.events, [&](const auto& e) { return e.id == event.id; });
  if (same != to.events.end()) return;
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

std::optional<Correlated> Correlator::add(const model::Event& whole, base::TimePoint now) {
  forgetOld(whole.first);
  auto known = know(sinceTheEnd(whole));
  Correlated result;
  const auto home = std::ranges::find_if(m_open, [&](const Case& c) { return belongs(c, known); });
  if (home != m_open.end()) {
    attach(*home, known, result);
    result.incident = home->incident;
    return result;
  }
  if (isEcho(known.event)) return std::nullopt;
  if (!opens(known)) {
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

void Correlator::update(const model::Incident& incident) {
  const auto found =
      std::ranges::find_if(m_open, [&](const Case& c) { return c.incident.id == incident.id; });
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
