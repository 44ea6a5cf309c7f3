// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/incident_desk.h"

#include <algorithm>

#include "agents/fix_words.h"
#include "model/labels.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;
using model::IncidentState;

constexpr std::chrono::hours kReopenWithin{24};
constexpr uint32_t kOpenLookedAt = 500;
constexpr size_t kNamed = 60;  ///< of what there is, in an answer

std::string listed(const std::set<std::string>& names) {
  std::string text = "known:";
  size_t count = 0;
  for (const auto& name : names) {
    if (count == kNamed) return text + " and " + std::to_string(names.size() - kNamed) + " more";
    text += (count++ == 0 ? " " : ", ") + name;
  }
  return names.empty() ? "none is known" : text;
}

std::string inWords(const std::string& service, const std::string& kind) {
  return service + ": " + kind;
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::find(list, name) != list.end();
}

bool sharesService(const model::Incident& a, const model::Incident& b) {
  return std::ranges::any_of(a.services, [&](const auto& service) { return has(b.services, service); });
}

bool isIn(const SplitIncident& part, const model::Event& event) {
  return has(part.services, event.service) || std::ranges::find(part.events, event.id) != part.events.end();
}

/// The part is something of the incident, and not all of it.
base::Result<> checkPart(const model::Incident& incident, const std::vector<model::Event>& all,
                         const SplitIncident& part) {
  for (const auto& service : part.services) {
    if (!has(incident.services, service)) {
      return fail(ErrorCode::InvalidInput, "the incident has no such service", "services",
                  listed({incident.services.begin(), incident.services.end()}));
    }
  }
  for (const auto& id : part.events) {
    if (std::ranges::find(all, id, &model::Event::id) == all.end())
      return fail(ErrorCode::InvalidInput, "the incident has no such event", "events");
  }
  const auto count = std::ranges::count_if(all, [&](const auto& event) { return isIn(part, event); });
  if (count > 0 && static_cast<size_t>(count) < all.size()) return {};
  return fail(ErrorCode::InvalidInput, count == 0 ? "nothing would be split off" : "nothing would be left",
              part.services.empty() ? "events" : "services");
}

std::string partInWords(const SplitIncident& part) {
  if (part.services.empty()) return std::to_string(part.events.size()) + " events";
  std::string text;
  for (const auto& service : part.services) text += (text.empty() ? "" : ", ") + service;
  return text;
}

}  // namespace

base::Result<> IncidentDesk::checkCause(const model::Incident& incident,
                                        const model::KnownCause& cause) const {
  auto services = *m_parts.topology.names();
  services.insert(incident.services.begin(), incident.services.end());
  if (!services.contains(cause.service))
    return fail(ErrorCode::InvalidInput, "there is no such service", "service", listed(services));
  if (!m_parts.catalogue.kinds.contains(cause.kind))
    return fail(ErrorCode::InvalidInput, "there is no such kind of cause", "kind",
                listed(m_parts.catalogue.kinds));
  return {};
}

base::Result<model::Incident> IncidentDesk::stateCause(const std::string& who, const std::string& id,
                                                       const std::string& service, const std::string& kind) {
  auto incident = m_parts.store.incident(id);
  if (!incident) return incident;
  const auto label = model::incidentLabel(incident->number);
  if (incident->state == IncidentState::Dismissed) {
    return fail(ErrorCode::Conflict, "the incident is dismissed", label,
                "what was dismissed has no cause; reopen it first");
  }
  if (service.empty() != kind.empty()) {
    return fail(ErrorCode::InvalidInput, "a cause is a service and a kind",
                service.empty() ? "service" : "kind", "give both, or neither to confirm the best hypothesis");
  }
  const auto diagnosis = m_parts.store.diagnosis(incident->id);
  if (!diagnosis && diagnosis.error().code != ErrorCode::NotFound) return std::unexpected(diagnosis.error());
  const auto* best = diagnosis && !diagnosis->hypotheses.empty() ? &diagnosis->hypotheses.front() : nullptr;
  if (service.empty() && best == nullptr) {
    return fail(ErrorCode::Conflict, "there is no hypothesis to confirm", label,
                "say the service and the kind");
  }
  const model::KnownCause cause{.service = service.empty() ? best->service : service,
                                .kind = service.empty() ? best->kind : kind,
                                .by = who,
                                .at = m_parts.clock.now()};
  if (auto checked = checkCause(*incident, cause); !checked) return std::unexpected(checked.error());

  const auto words = inWords(cause.service, cause.kind);
  const auto& before = incident->knownCause;
  const bool same = before && before->service == cause.service && before->kind == cause.kind;
  if (same && before->by == who) return incident;
  const bool confirms = best != nullptr && best->service == cause.service && best->kind == cause.kind;
  std::string why = "nothing was found";
  if (best != nullptr) why = "the best hypothesis was " + inWords(best->service, best->kind);
  if (before) why = before->by + " had said " + inWords(before->service, before->kind);
  const auto audited = m_parts.audit({.who = who,
                                      .what = "incident.cause",
                                      .target = incident->title,
                                      .why = why,
                                      .result = words,
                                      .incident = incident->id.str()});
  if (!audited) return std::unexpected(audited.error());
  incident->knownCause = cause;
  m_parts.bus.publish(StateCause{
      incident->id, cause, who + (confirms ? " confirmed the cause: " : " says the cause was ") + words});
  return incident;
}

base::Result<model::Incident> IncidentDesk::reopen(const std::string& who, const std::string& id) {
  auto incident = m_parts.store.incident(id);
  if (!incident) return incident;
  const auto label = model::incidentLabel(incident->number);
  if (!model::isClosed(incident->state))
    return fail(ErrorCode::Conflict, "the incident has not ended", label);
  if (!incident->mergedInto.empty()) {
    return fail(ErrorCode::Conflict, "the incident was merged into another one", label,
                "split that one instead");
  }
  const auto now = m_parts.clock.now();
  if (!incident->endedAt || *incident->endedAt + kReopenWithin < now) {
    return fail(ErrorCode::Conflict, "the incident ended more than 24 hours ago", label,
                "what goes on opens a new one");
  }
  const auto open = m_parts.store.incidents({.limit = kOpenLookedAt, .openOnly = true});
  if (!open) return std::unexpected(open.error());
  for (const auto& other : open->items) {
    if (other.number > incident->number && sharesService(other, *incident)) {
      return fail(ErrorCode::Conflict,
                  model::incidentLabel(other.number) + " is open and has taken over what went on", label,
                  "work on that one");
    }
  }
  const std::string was = incident->falsePositive ? "false positive" : std::string(toString(incident->state));
  const auto audited = m_parts.audit({.who = who,
                                      .what = "incident.reopen",
                                      .target = incident->title,
                                      .why = "it was " + was,
                                      .result = "open again",
                                      .incident = incident->id.str()});
  if (!audited) return std::unexpected(audited.error());
  m_parts.bus.publish(ReopenIncident{incident->id, now, who + " reopened it: it was " + was});
  incident->state = IncidentState::Investigating;
  incident->endedAt.reset();
  incident->falsePositive = false;
  incident->reopenedAt = now;
  return incident;
}

base::Result<> IncidentDesk::mayBeRearranged(const model::Incident& incident) const {
  const auto label = model::incidentLabel(incident.number);
  if (model::isClosed(incident.state)) {
    return fail(ErrorCode::Conflict, "the incident is " + std::string(toString(incident.state)), label,
                "only open ones are merged and split");
  }
  const auto fixes = m_parts.store.fixesOf(incident.id);
  if (!fixes) return std::unexpected(fixes.error());
  for (const auto& fix : *fixes) {
    if (fix.state != model::FixState::Approved && !isRunning(fix.state)) continue;
    return fail(ErrorCode::Conflict, model::fixLabel(fix.number) + " is " + std::string(toString(fix.state)),
                label, "wait until it has ended");
  }
  return {};
}

base::Result<model::Incident> IncidentDesk::merge(const std::string& who, const std::string& id,
                                                  const std::string& into) {
  auto incident = m_parts.store.incident(id);
  if (!incident) return incident;
  const auto target = m_parts.store.incident(into);
  if (!target) return target;
  if (target->id == incident->id)
    return fail(ErrorCode::InvalidInput, "an incident is not merged into itself", "into");
  auto may = mayBeRearranged(*incident);
  if (may) may = mayBeRearranged(*target);
  if (!may) return std::unexpected(may.error());
  const auto audited = m_parts.audit({.who = who,
                                      .what = "incident.merge",
                                      .target = incident->title,
                                      .why = "into " + model::incidentLabel(target->number),
                                      .result = "merged",
                                      .incident = incident->id.str()});
  if (!audited) return std::unexpected(audited.error());
  m_parts.bus.publish(MergeIncidents{incident->id, target->id, who});
  incident->state = IncidentState::Dismissed;
  incident->endedAt = m_parts.clock.now();
  incident->mergedInto = target->id;
  incident->eventCount = 0;
  return incident;
}

base::Result<model::Incident> IncidentDesk::split(const std::string& who, const std::string& id,
                                                  const std::vector<std::string>& services,
                                                  const std::vector<std::string>& events) {
  const auto incident = m_parts.store.incident(id);
  if (!incident) return incident;
  if (auto may = mayBeRearranged(*incident); !may) return std::unexpected(may.error());
  if (services.empty() == events.empty()) {
    return fail(ErrorCode::InvalidInput, "a part is some services or some events", "services",
                "give one of the two");
  }
  const auto all = m_parts.store.eventsOf(incident->id);
  if (!all) return std::unexpected(all.error());
  SplitIncident wanted{
      .from = incident->id, .fresh = model::IncidentId::create(), .services = services, .who = who};
  for (const auto& event : events) wanted.events.emplace_back(event);
  if (auto part = checkPart(*incident, *all, wanted); !part) return std::unexpected(part.error());
  const auto audited = m_parts.audit({.who = who,
                                      .what = "incident.split",
                                      .target = incident->title,
                                      .why = partInWords(wanted),
                                      .result = "split into " + wanted.fresh.str(),
                                      .incident = incident->id.str()});
  if (!audited) return std::unexpected(audited.error());
  m_parts.bus.publish(wanted);
  return model::Incident{.id = wanted.fresh,
                         .title = "split from " + model::incidentLabel(incident->number),
                         .severity = incident->severity,
                         .services = services,
                         .startedAt = incident->startedAt,
                         .detectedAt = m_parts.clock.now(),
                         .owner = incident->owner,
                         .acknowledgedAt = incident->acknowledgedAt,
                         .splitFrom = incident->id};
}

}  // namespace aiops::agents
