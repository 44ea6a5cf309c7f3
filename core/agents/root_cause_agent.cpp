// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/root_cause_agent.h"

#include <algorithm>
#include <ranges>

#include "agents/must.h"
#include "analysis/impact.h"
#include "model/labels.h"

namespace aiops::agents {
namespace {

using model::IncidentState;

constexpr uint32_t kOpenIncidentsTakenUp = 500;

constexpr uint32_t kReturnsLookedAt = 100;
constexpr std::chrono::hours kReturnsWithin{6};
constexpr int kMostDoublings = 3;

bool isFresh(IncidentState state) {
  return state == IncidentState::Open || state == IncidentState::Investigating;
}

/// An episode fires again while it goes on; the timeline tells of it once.
bool isFirstOfItsKind(const std::vector<model::Event>& events, const model::Event& event) {
  return std::ranges::none_of(events, [&](const auto& other) {
    return other.id != event.id && other.patternId == event.patternId && other.service == event.service &&
           other.key == event.key;
  });
}

constexpr std::chrono::minutes kCountedAfter{10};
constexpr std::chrono::minutes kChangesShownBefore{30};
constexpr size_t kMostChangesShown = 12;

model::TimelineEntry entryOf(const model::Change& change) {
  return {change.at, "change", change.service, analysis::changeText(change)};
}

base::Result<> append(storage::Writer& writer, const model::IncidentId& incident,
                      const std::vector<model::TimelineEntry>& entries) {
  for (const auto& entry : entries) {
    if (auto noted = writer.appendTimeline(incident, entry); !noted) return noted;
  }
  return {};
}

constexpr const char* kSettle = "settle_ms";
constexpr const char* kQuiet = "quiet_resolves_minutes";

std::vector<AgentSettingRow> settingRows() {
  return {numberSetting(kSettle, 100, 60'000, 800, "milliseconds",
                        "how long to wait after a sign before the analysts look: others may follow"),
          numberSetting(kQuiet, 1, 1440, 10, "minutes",
                        "an incident without a sign for so long is over; twice as long for each time that "
                        "its service failed within six hours")};
}

}  // namespace

RootCauseAgent::RootCauseAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("root_cause", "Root cause", settingRows(), clock, health),
      m_parts(parts),
      m_correlator(parts.topology, {}) {
  m_parts.bus.subscribe([this](const Message& message) {
    if (const auto* stored = std::get_if<EventsStored>(&message)) {
      post([this, events = stored->events] { onEvents(events); });
    } else if (const auto* move = std::get_if<MoveIncident>(&message)) {
      post([this, wanted = *move] { onMove(wanted); });
    } else if (const auto* taken = std::get_if<AcknowledgeIncident>(&message)) {
      post([this, wanted = *taken] { onAcknowledge(wanted); });
    } else if (const auto* stated = std::get_if<StateCause>(&message)) {
      post([this, wanted = *stated] { onCause(wanted); });
    } else if (const auto* reopened = std::get_if<ReopenIncident>(&message)) {
      post([this, wanted = *reopened] { onReopen(wanted); });
    } else if (const auto* merged = std::get_if<MergeIncidents>(&message)) {
      post([this, wanted = *merged] { onMerge(wanted); });
    } else if (const auto* split = std::get_if<SplitIncident>(&message)) {
      post([this, wanted = *split] { onSplit(wanted); });
    } else if (const auto* seen = std::get_if<ChangesSeen>(&message)) {
      post([this, changes = seen->changes] { tellOf(changes); });
    } else if (const auto* spoke = std::get_if<ModelSpoke>(&message)) {
      post([this, said = *spoke] { onModel(said); });
    }
  });
}

void RootCauseAgent::reload() {
  m_correlator = correlation::Correlator(m_parts.topology, {});
  m_due.clear();
  m_opinions.clear();
  m_quietFrom.clear();
  m_returned.clear();
  const auto open = must(m_parts.store.incidents({.limit = kOpenIncidentsTakenUp, .openOnly = true}));
  for (const auto& incident : open.items | std::views::reverse) {  // the oldest first, as they were opened
    m_correlator.restore(incident, must(m_parts.store.eventsOf(incident.id)));
    if (isFresh(incident.state)) m_due[incident.id] = clock().sinceBoot();
  }
  onEvents(must(m_parts.store.unassignedEvents(clock().now() - std::chrono::hours(1))));
  showState();
}

void RootCauseAgent::onEvents(const std::vector<model::Event>& events) {
  const auto changes = must(m_parts.changes.take(events));
  if (!isEnabled()) return;  // they wait in the store without an incident
  tellOf(changes);
  for (const auto& event : events) {
    const bool held = m_parts.silences.holds(event);
    if (const auto result = m_correlator.add(event, clock().now(), !held)) store(*result, event, held);
  }
  showState();
}

/// What is held back belongs to what is open already, yet nothing is concluded from it.
void RootCauseAgent::store(const correlation::Correlated& result, const model::Event& event, bool held) {
  if (result.attached.empty()) return;
  model::Incident incident = result.incident;
  const auto changes = result.opened ? changesBefore(incident) : std::vector<model::TimelineEntry>();
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(incident);
    if (!saved) return std::unexpected(saved.error());
    incident = *saved;
    if (result.opened) {
      auto noted = writer.appendTimeline(
          incident.id, {clock().now(), "opened", event.service, "incident opened: " + event.patternName});
      if (noted) noted = append(writer, incident.id, changes);
      if (!noted) return noted;
    }
    if (!isFirstOfItsKind(*m_correlator.eventsOf(incident.id), event)) {
      return writer.assignEvents(incident.id, result.attached);
    }
    auto noted = writer.appendTimeline(incident.id, {event.first, "event", event.service,
                                                     event.patternName + ", " + std::to_string(event.count) +
                                                         (event.count == 1 ? " line" : " lines")});
    if (!noted) return noted;
    return writer.assignEvents(incident.id, result.attached);
  }));
  m_correlator.update(incident);
  if (result.opened) m_parts.changes.noteTrouble(incident);
  if (isFresh(incident.state) && !held)
    m_due.try_emplace(incident.id,
                      clock().sinceBoot() + std::chrono::milliseconds(settings().number(kSettle)));
  m_parts.bus.publish(IncidentChanged{incident});
}

/// What was changed shortly before it began, in the order of time.
std::vector<model::TimelineEntry> RootCauseAgent::changesBefore(const model::Incident& incident) const {
  std::vector<model::TimelineEntry> entries;
  const auto changes = m_parts.changes.around(incident, m_correlator.blameOf(incident.id), clock().now());
  for (const auto& change : changes) {
    const bool near = change.at + kChangesShownBefore >= incident.startedAt;
    if (near && !change.foretold) entries.push_back(entryOf(change));
  }
  if (entries.size() > kMostChangesShown)
    entries.erase(entries.begin(), entries.end() - static_cast<long>(kMostChangesShown));
  return entries;
}

/// Of changes that came while an incident is open; it is looked at anew, for one may have been seen late.
void RootCauseAgent::tellOf(const std::vector<model::Change>& changes) {
  if (!isEnabled()) return;
  for (const auto& incident : m_correlator.open()) {
    std::vector<model::TimelineEntry> entries;
    for (const auto& change : changes) {
      const bool near = change.at + kChangesShownBefore >= incident.startedAt;
      if (near && !change.foretold && m_parts.changes.concerns(change, incident))
        entries.push_back(entryOf(change));
    }
    if (entries.empty()) continue;
    must(m_parts.store.transact(
        [&](storage::Writer& writer) -> base::Result<> { return append(writer, incident.id, entries); }));
    if (isFresh(incident.state))
      m_due.try_emplace(incident.id,
                        clock().sinceBoot() + std::chrono::milliseconds(settings().number(kSettle)));
    m_parts.bus.publish(IncidentChanged{incident});
  }
}

void RootCauseAgent::tick() {
  if (!isEnabled()) return;
  const auto now = clock().sinceBoot();
  std::vector<model::IncidentId> due;
  for (const auto& [id, when] : m_due) {
    if (when <= now) due.push_back(id);
  }
  for (const auto& incident : m_correlator.open()) {
    if (std::ranges::find(due, incident.id) == due.end()) continue;
    m_due.erase(incident.id);
    if (isFresh(incident.state)) diagnose(incident);
  }
  resolveQuiet();
}

analysis::CaseFile RootCauseAgent::caseOf(const model::Incident& incident,
                                          const std::vector<model::Event>& events) const {
  analysis::CaseFile file{incident, events, m_correlator.blameOf(incident.id)};
  const auto now = clock().now();
  file.changes = m_parts.changes.around(incident, file.blame, now);
  const auto services = analysis::servicesAround(incident, file.blame, m_parts.topology);
  file.readings = m_parts.readings(services);
  // An incident may last for days: about its beginning and about now is enough.
  const auto begin = incident.startedAt - analysis::kCountedBefore;
  const base::TimePoint early =
      std::chrono::ceil<std::chrono::seconds>(std::min(now, incident.startedAt + kCountedAfter));
  const std::vector<std::string> names(services.begin(), services.end());
  file.counts = must(m_parts.store.lineCounts(names, begin, early));
  const auto late = must(m_parts.store.lineCounts(names, std::max(early, now - kCountedAfter), now));
  file.counts.insert(file.counts.end(), late.begin(), late.end());
  return file;
}

void RootCauseAgent::diagnose(const model::Incident& incident) {
  setState(model::AgentState::Active, "investigating " + model::incidentLabel(incident.number));
  const auto* events = m_correlator.eventsOf(incident.id);
  if (events == nullptr) return;
  const auto file = caseOf(incident, *events);
  const auto built = m_parts.diagnostician.diagnose(file, clock().now());
  m_opinions[incident.id].built = built;
  const auto diagnosis = pooled(built);
  auto updated = incident;
  if (isFresh(updated.state)) updated.state = IncidentState::Investigating;
  updated.impact = analysis::impactOf(file, clock().now());
  updated.severity = std::max(updated.severity, analysis::severityOf(*updated.impact));
  std::string text = "no cause found yet";
  if (diagnosis.verdict == model::Verdict::Confirmed || diagnosis.verdict == model::Verdict::Likely) {
    const auto& best = diagnosis.hypotheses.front();
    updated.title = best.statement;
    text = std::string("cause ") + std::string(toString(best.verdict)) + ": " + best.statement;
  }
  const auto before = m_parts.store.diagnosis(incident.id);
  const bool news = !before || before->verdict != diagnosis.verdict || updated.title != incident.title;
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(updated);
    if (!saved) return std::unexpected(saved.error());
    updated = *saved;
    auto kept = writer.saveDiagnosis(diagnosis);
    if (!kept || !news) return kept;
    const std::string service = diagnosis.hypotheses.empty() ? "" : diagnosis.hypotheses.front().service;
    return writer.appendTimeline(incident.id, {clock().now(), "diagnosed", service, text});
  }));
  m_correlator.update(updated);
  m_parts.bus.publish(IncidentChanged{updated});
  m_parts.bus.publish(Diagnosed{updated, built, *events});
  showState();
}

model::Diagnosis RootCauseAgent::pooled(const model::Diagnosis& built) const {
  const auto& said = m_opinions.at(built.incident);
  if (said.opinion) return m_parts.diagnostician.withOpinion(built, *said.opinion);
  return said.why.empty() ? built : analysis::withoutOpinion(built, said.why);
}

void RootCauseAgent::onModel(const ModelSpoke& spoke) {
  const auto known = m_opinions.find(spoke.incident);
  if (known == m_opinions.end()) return;  // it is over
  auto& said = known->second;
  // What it said before stands when it can't be asked again.
  if (!spoke.opinion && (said.opinion || said.why == spoke.why)) return;
  said.opinion = spoke.opinion;
  said.why = spoke.why;
  const auto diagnosis = pooled(said.built);
  std::string text = diagnosis.modelNote;
  if (text.empty()) text = "a language model names " + spoke.opinion->service + ": " + spoke.opinion->kind;
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto kept = writer.saveDiagnosis(diagnosis);
    if (!kept) return kept;
    return writer.appendTimeline(spoke.incident, {clock().now(), "model", "", text});
  }));
  for (const auto& incident : m_correlator.open()) {
    if (incident.id == spoke.incident) m_parts.bus.publish(IncidentChanged{incident});
  }
}

void RootCauseAgent::onMove(const MoveIncident& move) {
  for (const auto& incident : m_correlator.open()) {
    if (incident.id != move.incident) continue;
    auto updated = incident;
    updated.state = move.to;
    updated.falsePositive = move.falsePositive;
    if (move.to == IncidentState::Resolved || move.to == IncidentState::Dismissed)
      updated.endedAt = move.entry.at;
    save(updated, move.entry);
    return;
  }
}

void RootCauseAgent::onAcknowledge(const AcknowledgeIncident& taken) {
  for (const auto& incident : m_correlator.open()) {
    if (incident.id != taken.incident || incident.owner == taken.who) continue;
    auto updated = incident;
    updated.owner = taken.who;
    updated.acknowledgedAt = taken.at;
    const auto text = incident.owner.empty() ? taken.who + " sees to it"
                                             : taken.who + " took it over from " + incident.owner;
    save(updated, {taken.at, "acknowledged", "", text});
    return;
  }
}

void RootCauseAgent::save(model::Incident incident, const model::TimelineEntry& entry) {
  must(m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto saved = writer.saveIncident(incident);
    if (!saved) return std::unexpected(saved.error());
    incident = *saved;
    return writer.appendTimeline(incident.id, entry);
  }));
  m_correlator.update(incident);
  m_parts.bus.publish(IncidentChanged{incident});
  showState();
}

/// Quiet is no proof while a decision or a person is waited for: a dead service is quiet too.
bool RootCauseAgent::needsAttention(const model::Incident& incident) {
  switch (incident.state) {
    case IncidentState::AwaitingApproval:
    case IncidentState::Fixing:
    case IncidentState::Validating:
      return true;
    case IncidentState::Failed:
      return std::ranges::any_of(must(m_parts.store.fixesOf(incident.id)), [](const auto& fix) {
        return fix.state == model::FixState::NeedsHuman || fix.state == model::FixState::RollbackFailed;
      });
    default:
      return false;
  }
}

base::Duration RootCauseAgent::quietFor(const model::IncidentId& id, base::TimePoint last) {
  const auto boot = clock().sinceBoot();
  const auto [known, isNew] = m_quietFrom.try_emplace(id, last, base::Duration(0));
  auto& [sign, since] = known->second;
  if (isNew || sign != last) {
    sign = last;
    since = boot - std::max(clock().now() - last, base::Duration(0));
  }
  return boot - since;
}

/// What came back again and again within hours is not over after the usual time without a sign: each time it
/// has to be quiet for twice as long, so that it stays one incident instead of becoming another one each
/// time.
std::chrono::minutes RootCauseAgent::quietNeeded(const model::Incident& incident) {
  const auto [known, isNew] = m_returned.try_emplace(incident.id, 0);
  if (isNew) {
    const auto latest = must(m_parts.store.incidents({.limit = kReturnsLookedAt}));
    known->second = static_cast<int>(std::ranges::count_if(latest.items, [&](const auto& other) {
      return other.state == IncidentState::Resolved && other.endedAt && *other.endedAt < incident.startedAt &&
             *other.endedAt > incident.startedAt - kReturnsWithin && !other.services.empty() &&
             !incident.services.empty() && other.services.front() == incident.services.front();
    }));
  }
  return std::chrono::minutes(settings().number(kQuiet)) * (1 << std::min(known->second, kMostDoublings));
}

void RootCauseAgent::resolveQuiet() {
  const auto open = m_correlator.open();
  std::erase_if(m_quietFrom, [&](const auto& item) {
    return std::ranges::none_of(open, [&](const auto& incident) { return incident.id == item.first; });
  });
  std::erase_if(m_returned, [&](const auto& item) {
    return std::ranges::none_of(open, [&](const auto& incident) { return incident.id == item.first; });
  });
  std::erase_if(m_opinions, [&](const auto& item) {
    return std::ranges::none_of(open, [&](const auto& incident) { return incident.id == item.first; });
  });
  for (const auto& incident : open) {
    const auto last = m_correlator.lastEvent(incident.id);
    if (!last) continue;
    const auto alive = std::max(*last, incident.reopenedAt.value_or(*last));
    const auto quiet = quietNeeded(incident);
    if (quietFor(incident.id, alive) < quiet || needsAttention(incident)) continue;
    auto updated = incident;
    updated.state = IncidentState::Resolved;
    updated.endedAt = *last;
    save(updated,
         {clock().now(), "resolved", "", "no sign of it for " + std::to_string(quiet.count()) + " minutes"});
  }
}

void RootCauseAgent::showState() {
  const auto open = m_correlator.open();
  if (open.empty()) return setState(model::AgentState::Idle, "nothing is wrong");
  setState(model::AgentState::Active, "watching " + model::incidentLabel(open.back().number) + " for change");
}

}  // namespace aiops::agents
