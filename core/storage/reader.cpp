// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/reader.h"

#include <algorithm>
#include <charconv>

#include "model/labels.h"
#include "storage/documents.h"
#include "storage/key_json.h"

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr uint32_t kLargestPage = 500;

template <class T>
Result<T> decodeOne(Connection& db, std::string_view what, const std::string& key, const std::string& sql,
                    const std::vector<Cell>& values) {
  auto items = decodeAll<T>(db, what, sql, values);
  if (!items) return std::unexpected(items.error());
  if (items->empty()) return fail(ErrorCode::NotFound, "there is no such " + std::string(what), key);
  return std::move(items->front());
}

struct PagedTable {
  const char* name;
  const char* key;
  const char* openFilter;  // a condition, or null when the table has no such column
  std::string_view what;
};

constexpr PagedTable kIncidents{"incidents", "id", "open = 1", "incident"};
constexpr PagedTable kFixes{"fixes", "id", "open = 1", "fix"};
constexpr PagedTable kOutcomes{"outcomes", "fix", nullptr, "outcome"};

template <class T>
Result<Page<T>> page(Connection& db, const PagedTable& table, const PageQuery& query) {
  const std::string from = std::string(" FROM ") + table.name + " WHERE ";
  const std::string filter = query.openOnly && table.openFilter ? table.openFilter : "1";
  const auto total = db.number("SELECT count(*)" + from + filter);
  if (!total) return std::unexpected(total.error());

  const uint32_t limit = std::clamp(query.limit, 1u, kLargestPage);
  const uint64_t before = std::min<uint64_t>(query.before.value_or(INT64_MAX), INT64_MAX);
  auto rows = db.rows(std::string("SELECT ") + table.key + ", doc, sum, number" + from + filter +
                          " AND number < ? ORDER BY number DESC LIMIT ?",
                      {static_cast<int64_t>(before), int64_t{limit} + 1});
  if (!rows) return std::unexpected(rows.error());

  Page<T> page;
  page.total = static_cast<uint64_t>(*total);
  for (const Row& row : *rows) {
    if (page.items.size() == limit) break;
    auto item = decode<T>(table.what, row.bytes(0), row.bytes(1), row.bytes(2));
    if (!item) return std::unexpected(item.error());
    page.items.push_back(*std::move(item));
    page.next = static_cast<uint64_t>(row.integer(3));
  }
  if (rows->size() <= limit) page.next.reset();
  return page;
}

// "INC-0231" and "231" are the number 231; anything else is an id.
std::optional<int64_t> numberIn(std::string_view text, std::string_view prefix) {
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

template <class T>
Result<T> byIdOrNumber(Connection& db, const PagedTable& table, std::string_view prefix,
                       const std::string& idOrNumber) {
  const std::string select = std::string("SELECT id, doc, sum FROM ") + table.name + " WHERE ";
  if (const auto number = numberIn(idOrNumber, prefix)) {
    return decodeOne<T>(db, table.what, idOrNumber, select + "number = ?", {*number});
  }
  return decodeOne<T>(db, table.what, idOrNumber, select + "id = ?", {idOrNumber});
}

int64_t secondOf(base::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// The first second that is not before `time`.
int64_t secondFrom(base::TimePoint time) {
  return std::chrono::ceil<std::chrono::seconds>(time).time_since_epoch().count();
}

Result<> addLineCounts(Connection& db, const std::string& filter, std::vector<Cell> values,
                       std::vector<model::LineCount>& counts) {
  auto rows = db.rows("SELECT service, second, lines, warnings, requests, failures FROM line_counts WHERE " +
                          filter + "second >= ? AND second < ? ORDER BY service, second",
                      values);
  if (!rows) return std::unexpected(rows.error());
  for (const Row& row : *rows) {
    const auto number = [&](size_t column) { return static_cast<uint32_t>(row.integer(column)); };
    counts.push_back({row.bytes(0), row.integer(1), number(2), number(3), number(4), number(5)});
  }
  return {};
}

}  // namespace

Result<std::vector<model::SourcePosition>> Reader::positions() {
  return decodeAll<model::SourcePosition>(m_db, "position",
                                          "SELECT source, doc, sum FROM positions ORDER BY source");
}

Result<std::string> Reader::detectorState(const std::string& lane) {
  auto rows = m_db.rows("SELECT doc, sum FROM detector_states WHERE lane = ?", {lane});
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::string();
  std::string state = rows->front().bytes(0);
  if (checkSum(lane, state) == rows->front().bytes(1)) return state;
  return fail(ErrorCode::Corrupt, "a stored detector state fails its check sum", lane,
              "restore the database from a backup");
}

Result<std::vector<model::Event>> Reader::eventsOf(const model::IncidentId& incident) {
  return decodeAll<model::Event>(m_db, "event",
                                 "SELECT id, doc, sum FROM events WHERE incident = ? ORDER BY first, id",
                                 {incident.str()});
}

Result<std::vector<model::Event>> Reader::unassignedEvents(base::TimePoint since, uint32_t limit) {
  return decodeAll<model::Event>(m_db, "event",
                                 "SELECT id, doc, sum FROM (SELECT id, doc, sum, first, last FROM events "
                                 "WHERE incident IS NULL AND last >= ? "
                                 "ORDER BY last DESC LIMIT ?) ORDER BY first, id",
                                 {int64_t{since.time_since_epoch().count()}, int64_t{limit}});
}

Result<model::Incident> Reader::incident(const std::string& idOrNumber) {
  return byIdOrNumber<model::Incident>(m_db, kIncidents, model::kIncidentPrefix, idOrNumber);
}

Result<Page<model::Incident>> Reader::incidents(const PageQuery& query) {
  return page<model::Incident>(m_db, kIncidents, query);
}

Result<model::Diagnosis> Reader::diagnosis(const model::IncidentId& incident) {
  return decodeOne<model::Diagnosis>(m_db, "diagnosis", incident.str(),
                                     "SELECT incident, doc, sum FROM diagnoses WHERE incident = ?",
                                     {incident.str()});
}

Result<std::vector<model::TimelineEntry>> Reader::timeline(const model::IncidentId& incident) {
  return decodeAll<model::TimelineEntry>(
      m_db, "timeline entry", "SELECT incident, doc, sum FROM timeline WHERE incident = ? ORDER BY seq",
      {incident.str()});
}

Result<model::FixProposal> Reader::fix(const std::string& idOrNumber) {
  return byIdOrNumber<model::FixProposal>(m_db, kFixes, model::kFixPrefix, idOrNumber);
}

Result<model::FixProposal> Reader::fixByPlanHash(const std::string& planHash) {
  return decodeOne<model::FixProposal>(
      m_db, "fix", planHash,
      "SELECT id, doc, sum FROM fixes WHERE plan_hash = ? ORDER BY number DESC LIMIT 1", {planHash});
}

Result<Page<model::FixProposal>> Reader::fixes(const PageQuery& query) {
  return page<model::FixProposal>(m_db, kFixes, query);
}

Result<std::vector<model::FixProposal>> Reader::fixesOf(const model::IncidentId& incident) {
  return decodeAll<model::FixProposal>(
      m_db, "fix", "SELECT id, doc, sum FROM fixes WHERE incident = ? ORDER BY number", {incident.str()});
}

Result<Page<model::Outcome>> Reader::outcomes(const PageQuery& query) {
  return page<model::Outcome>(m_db, kOutcomes, query);
}

Result<model::Outcome> Reader::outcomeOf(const model::FixId& fix) {
  return decodeOne<model::Outcome>(m_db, "outcome", fix.str(),
                                   "SELECT fix, doc, sum FROM outcomes WHERE fix = ?", {fix.str()});
}

Result<std::vector<model::Outcome>> Reader::outcomesOf(const std::string& playbook,
                                                       const std::string& context) {
  const std::string select = "SELECT fix, doc, sum FROM outcomes WHERE playbook = ?";
  if (context.empty()) {
    return decodeAll<model::Outcome>(m_db, "outcome", select + " ORDER BY number", {playbook});
  }
  return decodeAll<model::Outcome>(m_db, "outcome", select + " AND context = ? ORDER BY number",
                                   {playbook, context});
}

Result<security::ApiKeyRecord> Reader::apiKey(const std::string& id8) {
  return decodeOne<security::ApiKeyRecord>(m_db, "API key", id8,
                                           "SELECT id, doc, sum FROM api_keys WHERE id = ?", {id8});
}

Result<std::vector<security::ApiKeyRecord>> Reader::apiKeys() {
  return decodeAll<security::ApiKeyRecord>(m_db, "API key",
                                           "SELECT id, doc, sum FROM api_keys ORDER BY rowid");
}

Result<std::vector<model::AgentChoice>> Reader::agentChoices() {
  return decodeAll<model::AgentChoice>(
      m_db, "choice for an agent",
      "SELECT name, doc, sum FROM notes WHERE substr(name, 1, ?) = ? ORDER BY name",
      {static_cast<int64_t>(kAgentChoiceNote.size()), kAgentChoiceNote});
}

Result<std::vector<model::AddedSource>> Reader::addedSources() {
  return decodeAll<model::AddedSource>(m_db, "added source",
                                       "SELECT path, doc, sum FROM added_sources ORDER BY rowid");
}

Result<std::optional<security::AuditHead>> Reader::auditHead() {
  auto heads = decodeAll<security::AuditHead>(
      m_db, "audit head", "SELECT name, doc, sum FROM notes WHERE name = ?", {kAuditHeadNote});
  if (!heads) return std::unexpected(heads.error());
  if (heads->empty()) return std::nullopt;
  return heads->front();
}

Result<std::vector<model::LineCount>> Reader::lineCounts(const std::vector<std::string>& services,
                                                         base::TimePoint from, base::TimePoint to) {
  std::vector<model::LineCount> counts;
  const int64_t first = secondOf(from), end = secondFrom(to);
  if (services.empty()) {
    if (auto added = addLineCounts(m_db, "", {first, end}, counts); !added)
      return std::unexpected(added.error());
  }
  for (const std::string& service : services) {
    auto added = addLineCounts(m_db, "service = ? AND ", {service, first, end}, counts);
    if (!added) return std::unexpected(added.error());
  }
  return counts;
}

Result<std::vector<model::HealthEvent>> Reader::healthEvents(uint32_t limit) {
  return decodeAll<model::HealthEvent>(m_db, "health event",
                                       "SELECT x'', doc, sum FROM health_events ORDER BY seq DESC LIMIT ?",
                                       {int64_t{limit}});
}

Result<Counters> Reader::counters() {
  auto rows = m_db.rows(
      "SELECT (SELECT count(*) FROM incidents WHERE open = 1), (SELECT count(*) FROM fixes WHERE open = 1 "
      "AND "
      "pending = 1), (SELECT count(*) FROM outcomes), (SELECT count(*) FROM outcomes WHERE worked = 1)");
  if (!rows) return std::unexpected(rows.error());
  const Row& row = rows->front();
  const auto at = [&](size_t column) { return static_cast<uint64_t>(row.integer(column)); };
  return Counters{at(0), at(1), at(2), at(3)};
}

}  // namespace aiops::storage
