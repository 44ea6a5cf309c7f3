// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/writer.h"

#include <algorithm>

#include "storage/documents.h"
#include "storage/key_json.h"

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr int64_t kKeptHealthEvents = 200;
constexpr int64_t kKeptCountSeconds = 24 * 3600;
constexpr int64_t kTrimmedAtOnce = 500;

/// As the column `ending` says it.
int64_t endingOf(const model::Incident& incident) {
  if (!isClosed(incident.state)) return 0;
  if (incident.falsePositive) return 2;
  return incident.state == model::IncidentState::Resolved ? 1 : 0;
}

int64_t secondOf(base::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

Result<> Writer::addEvent(const model::Event& event) {
  const std::string doc = toDocument(event);
  return run(
      m_db,
      "INSERT INTO events (id, incident, first, last, stored, doc, sum) VALUES (?, NULL, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO NOTHING",
      {event.id.str(), micros(event.first), micros(event.last), micros(m_now), doc,
       checkSum(event.id.str(), doc)});
}

Result<> Writer::addLineCount(const model::LineCount& count) {
  return run(m_db,
             "INSERT INTO line_counts (service, second, lines, warnings, requests, failures, touched) "
             "VALUES (?, ?, ?, ?, ?, ?, ?) "
             "ON CONFLICT (service, second) DO UPDATE SET lines = lines + excluded.lines, "
             "warnings = warnings + excluded.warnings, requests = requests + excluded.requests, "
             "failures = failures + excluded.failures, touched = excluded.touched",
             {count.service, count.second, int64_t{count.all}, int64_t{count.warnings},
              int64_t{count.requests}, int64_t{count.failures}, secondOf(m_now)});
}

Result<> Writer::trimLineCounts() {
  return run(m_db,
             "DELETE FROM line_counts WHERE (service, second) IN "
             "(SELECT service, second FROM line_counts WHERE touched < ? LIMIT ?)",
             {secondOf(m_now) - kKeptCountSeconds, kTrimmedAtOnce});
}

Result<> Writer::addHealthEvent(const model::HealthEvent& event) {
  const std::string doc = toDocument(event);
  auto added = run(m_db, "INSERT INTO health_events (stored, doc, sum) VALUES (?, ?, ?)",
                   {micros(m_now), doc, checkSum("", doc)});
  if (!added) return added;
  return run(m_db, "DELETE FROM health_events WHERE seq <= (SELECT max(seq) FROM health_events) - ?",
             {kKeptHealthEvents});
}

Result<> Writer::commitIngest(const IngestBatch& batch) {
  for (const auto& event : batch.events) {
    if (auto done = addEvent(event); !done) return done;
  }
  for (const auto& position : batch.positions) {
    auto done = putDocument(m_db, "positions", "source", position.source, toDocument(position));
    if (!done) return done;
  }
  for (const auto& [lane, state] : batch.detectorStates) {
    if (auto done = putDocument(m_db, "detector_states", "lane", lane, state); !done) return done;
  }
  for (const auto& event : batch.health) {
    if (auto done = addHealthEvent(event); !done) return done;
  }
  for (const auto& count : batch.lineCounts) {
    if (auto done = addLineCount(count); !done) return done;
  }
  for (const auto& count : batch.patternCounts) {
    if (auto done = addPatternCount(count); !done) return done;
  }
  return batch.lineCounts.empty() ? Result<>() : trimLineCounts();
}

Result<> Writer::assignEvents(const model::IncidentId& incident, const std::vector<model::EventId>& events) {
  for (const auto& event : events) {
    auto changed = m_db.run("UPDATE events SET incident = ? WHERE id = ?", {incident.str(), event.str()});
    if (!changed) return std::unexpected(changed.error());
    if (*changed == 0) return fail(ErrorCode::NotFound, "there is no such event", event.str());
    if (auto noted = notePattern(event); !noted) return noted;
  }
  return {};
}

Result<> Writer::moveEvents(const model::IncidentId& from, const model::IncidentId& to,
                            const std::vector<model::EventId>& events) {
  for (const auto& event : events) {
    auto changed = m_db.run("UPDATE events SET incident = ? WHERE id = ? AND incident = ?",
                            {to.str(), event.str(), from.str()});
    if (!changed) return std::unexpected(changed.error());
    if (*changed == 0) return fail(ErrorCode::NotFound, "the incident has no such event", event.str());
    if (auto noted = notePattern(event); !noted) return noted;
  }
  auto cleared = run(m_db, "DELETE FROM incident_patterns WHERE incident = ?", {from.str()});
  const auto left = eventsOf(from);
  if (!left) return std::unexpected(left.error());
  for (const auto& event : *left) {
    if (cleared) cleared = notePattern(event.id);
  }
  return cleared;
}

Result<> Writer::moveTimeline(const model::IncidentId& from, const model::IncidentId& to) {
  auto all = timeline(to);
  const auto moved = timeline(from);
  if (!all) return std::unexpected(all.error());
  if (!moved) return std::unexpected(moved.error());
  all->insert(all->end(), moved->begin(), moved->end());
  std::ranges::stable_sort(*all, {}, &model::TimelineEntry::at);
  auto done = run(m_db, "DELETE FROM timeline WHERE incident IN (?, ?)", {from.str(), to.str()});
  for (const auto& entry : *all) {
    if (done) done = appendTimeline(to, entry);
  }
  return done;
}

Result<uint64_t> Writer::numberFor(const std::string& table, const std::string& id) {
  auto number = m_db.number("SELECT coalesce((SELECT number FROM " + table +
                                " WHERE id = ?), (SELECT "
                                "coalesce(max(number), 0) + 1 FROM " +
                                table + "))",
                            {id});
  if (!number) return std::unexpected(number.error());
  return static_cast<uint64_t>(*number);
}

Result<model::Incident> Writer::saveIncident(model::Incident incident) {
  if (incident.id.empty()) return fail(ErrorCode::InvalidInput, "an incident needs an id");
  const std::string& id = incident.id.str();
  auto number = numberFor("incidents", id);
  if (!number) return std::unexpected(number.error());
  incident.number = *number;
  const std::string doc = toDocument(incident);
  auto done =
      run(m_db,
          "INSERT INTO incidents (id, number, open, ending, touched, doc, sum) VALUES (?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (id) DO UPDATE SET open = excluded.open, ending = excluded.ending, "
          "touched = excluded.touched, slim = 0, doc = excluded.doc, sum = excluded.sum",
          {id, static_cast<int64_t>(*number), int64_t{!isClosed(incident.state)}, endingOf(incident),
           micros(m_now), doc, checkSum(id, doc)});
  if (!done) return std::unexpected(done.error());
  return incident;
}

Result<> Writer::saveDiagnosis(const model::Diagnosis& diagnosis) {
  return putDocument(m_db, "diagnoses", "incident", diagnosis.incident.str(), toDocument(diagnosis));
}

Result<> Writer::appendTimeline(const model::IncidentId& incident, const model::TimelineEntry& entry) {
  const std::string doc = toDocument(entry);
  return run(m_db, "INSERT INTO timeline (incident, doc, sum) VALUES (?, ?, ?)",
             {incident.str(), doc, checkSum(incident.str(), doc)});
}

Result<model::FixProposal> Writer::saveFix(model::FixProposal fix) {
  if (fix.id.empty()) return fail(ErrorCode::InvalidInput, "a fix needs an id");
  const std::string& id = fix.id.str();
  auto number = numberFor("fixes", id);
  if (!number) return std::unexpected(number.error());
  fix.number = *number;
  const std::string doc = toDocument(fix);
  auto done =
      run(m_db,
          "INSERT INTO fixes (id, number, incident, plan_hash, open, pending, doc, sum) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, "
          "plan_hash = excluded.plan_hash, open = excluded.open, pending = excluded.pending, "
          "doc = excluded.doc, sum = excluded.sum",
          {id, static_cast<int64_t>(*number), fix.incident.str(), fix.planHash, int64_t{!isFinal(fix.state)},
           int64_t{fix.state == model::FixState::Proposed}, doc, checkSum(id, doc)});
  if (!done) return std::unexpected(done.error());
  return fix;
}

Result<model::Outcome> Writer::saveOutcome(const model::Outcome& outcome) {
  const std::string& fix = outcome.fix.str();
  const std::string doc = toDocument(outcome);
  auto done = run(m_db,
                  "INSERT INTO outcomes (fix, playbook, context, worked, doc, sum) VALUES (?, ?, ?, ?, ?, ?) "
                  "ON CONFLICT (fix) DO NOTHING",
                  {fix, outcome.playbookId, outcome.context,
                   int64_t{outcome.result == model::OutcomeResult::Worked}, doc, checkSum(fix, doc)});
  if (!done) return std::unexpected(done.error());
  return outcomeOf(outcome.fix);
}

Result<> Writer::saveApiKey(const security::ApiKeyRecord& key) {
  if (key.id.empty()) return fail(ErrorCode::InvalidInput, "an API key needs an id");
  return putDocument(m_db, "api_keys", "id", key.id, toDocument(key));
}

Result<> Writer::saveAgentChoice(const model::AgentChoice& choice) {
  return putDocument(m_db, "notes", "name", kAgentChoiceNote + choice.id, toDocument(choice));
}

Result<> Writer::saveAddedSource(const model::AddedSource& source) {
  return putDocument(m_db, "added_sources", "path", source.path, toDocument(source));
}

Result<> Writer::removeAddedSource(const std::string& path) {
  auto changed = m_db.run("DELETE FROM added_sources WHERE path = ?", {path});
  if (!changed) return std::unexpected(changed.error());
  if (*changed == 0) return fail(ErrorCode::NotFound, "no such source was added", path);
  return {};
}

Result<> Writer::noteAuditHead(uint64_t sequence, const std::string& hash) {
  auto noted = auditHead();
  if (!noted) return std::unexpected(noted.error());
  if (*noted &&
      (sequence < (*noted)->sequence || (sequence == (*noted)->sequence && hash != (*noted)->hash))) {
    return fail(
        ErrorCode::Conflict,
        "the audit chain is behind or beside the head noted at entry " + std::to_string((*noted)->sequence),
        "entry " + std::to_string(sequence), "run 'ai-ops-core audit verify'");
  }
  return putDocument(m_db, "notes", "name", kAuditHeadNote, toDocument(security::AuditHead{sequence, hash}));
}

}  // namespace aiops::storage
