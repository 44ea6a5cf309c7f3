// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/correlator.h"

#include <algorithm>

namespace aiops::correlation {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

/// The services in the order of their first sign.
std::vector<std::string> servicesByFirstSign(std::vector<model::Event> events) {
  std::ranges::stable_sort(events, {}, &model::Event::first);
  std::vector<std::string> services;
  for (const auto& event : events) {
    if (!contains(services, event.service)) services.push_back(event.service);
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
    : m_topology(std::move(topology)), m_options(options) {}

bool Correlator::belongs(const Case& which, const model::Event& event) const {
  if (event.first > which.last + m_options.joinGap) return false;
  if (event.last + m_options.joinGap < which.incident.startedAt) return false;
  return std::ranges::any_of(which.incident.services,
                             [&](const auto& service) { return m_topology.related(service, event.service); });
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

void Correlator::attach(Case& to, const model::Event& event, Correlated& result) {
  const auto known = std::ranges::find_if(to.events, [&](const auto& e) { return e.id == event.id; });
  if (known != to.events.end()) return;
  to.events.push_back(event);
  to.last = std::max(to.last, event.last);
  auto& incident = to.incident;
  incident.startedAt = std::min(incident.startedAt, event.first);
  incident.severity = std::max(incident.severity, event.severity);
  incident.services = servicesByFirstSign(to.events);
  ++incident.eventCount;
  result.attached.push_back(event.id);
}

void Correlator::forgetOld(base::TimePoint eventTime) {
  std::erase_if(m_waiting, [&](const auto& e) { return e.last + m_options.joinGap < eventTime; });
  std::erase_if(m_ended, [&](const auto& c) {
    return c.incident.endedAt && *c.incident.endedAt + m_options.afterEnd < eventTime;
  });
}

std::optional<Correlated> Correlator::add(const model::Event& whole, base::TimePoint now) {
  forgetOld(whole.first);
  const auto event = sinceTheEnd(whole);
  Correlated result;
  const auto home = std::ranges::find_if(m_open, [&](const Case& c) { return belongs(c, event); });
  if (home != m_open.end()) {
    attach(*home, event, result);
    result.incident = home->incident;
    return result;
  }
  if (isEcho(event)) return std::nullopt;
  if (event.severity < model::Severity::Error) {
    m_waiting.push_back(event);
    return std::nullopt;
  }
  Case fresh{.incident = {.id = model::IncidentId::create(), .startedAt = event.first, .detectedAt = now},
             .events = {},
             .last = event.last};
  fresh.incident.severity = event.severity;
  attach(fresh, event, result);
  for (const auto& waiting : std::exchange(m_waiting, {})) {
    if (belongs(fresh, waiting)) {
      attach(fresh, waiting, result);
    } else {
      m_waiting.push_back(waiting);
    }
  }
  fresh.incident.title = titleOf(fresh.events);
  result.opened = true;
  result.incident = fresh.incident;
  m_open.push_back(std::move(fresh));
  return result;
}

void Correlator::restore(const model::Incident& incident, const std::vector<model::Event>& events) {
  Case restored{.incident = incident, .events = events, .last = incident.startedAt};
  for (const auto& event : events) restored.last = std::max(restored.last, event.last);
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
