// Versions of patterns, which are switched off, what each found and what became of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/codec.h"
#include "storage/connection.h"
#include "storage/writer.h"

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::Result;
using nlohmann::json;

namespace {

std::string keyOf(const std::string& id, int64_t version) {
  return id + '/' + std::to_string(version);
}

int64_t dayOf(base::TimePoint time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

constexpr int64_t kEarlier = 0;  ///< the day that stands for all that have left

model::PatternCount countOf(const Row& row) {
  return {row.bytes(0), row.integer(1), static_cast<uint64_t>(row.integer(2)),
          static_cast<uint64_t>(row.integer(3)), base::TimePoint(base::Duration(row.integer(4)))};
}

const std::string kResults =
    "SELECT p.pattern, sum(i.ending = 1), sum(i.ending = 2), sum(coalesce(f.run, 0)), "
    "sum(coalesce(f.worked, 0)) FROM incident_patterns p JOIN incidents i ON i.id = p.incident "
    "LEFT JOIN (SELECT fixes.incident AS incident, count(*) AS run, sum(outcomes.worked) AS worked "
    "FROM outcomes JOIN fixes ON fixes.id = outcomes.fix GROUP BY fixes.incident) f "
    "ON f.incident = p.incident GROUP BY p.pattern ORDER BY p.pattern";

}  // namespace

Result<std::vector<StoredPattern>> Reader::patternVersions() {
  auto rows =
      m_db.rows("SELECT pattern, version, doc, sum FROM pattern_versions ORDER BY pattern, version DESC");
  if (!rows) return std::unexpected(rows.error());
  std::vector<StoredPattern> out;
  for (const Row& row : *rows) {
    const auto key = keyOf(row.bytes(0), row.integer(1));
    auto doc = fromDocument("pattern", key, row.bytes(2), row.bytes(3));
    if (!doc) return std::unexpected(doc.error());
    try {
      out.push_back(
          {row.bytes(0), doc->at("version").get<model::PatternVersion>(), doc->at("removed").get<bool>()});
    } catch (const json::exception& exception) {
      return fail(ErrorCode::Corrupt, std::string("a stored pattern can't be read: ") + exception.what(),
                  key);
    }
  }
  return out;
}

Result<std::vector<std::string>> Reader::patternsOff() {
  auto rows = m_db.rows("SELECT pattern FROM patterns_off ORDER BY pattern");
  if (!rows) return std::unexpected(rows.error());
  std::vector<std::string> out;
  for (const Row& row : *rows) out.push_back(row.bytes(0));
  return out;
}

Result<std::vector<model::PatternCount>> Reader::patternCounts() {
  auto rows =
      m_db.rows("SELECT pattern, day, matches, events, last FROM pattern_counts ORDER BY pattern, day DESC");
  if (!rows) return std::unexpected(rows.error());
  std::vector<model::PatternCount> out;
  for (const Row& row : *rows) out.push_back(countOf(row));
  return out;
}

Result<std::vector<PatternResult>> Reader::patternResults() {
  auto rows = m_db.rows(kResults);
  if (!rows) return std::unexpected(rows.error());
  std::vector<PatternResult> out;
  for (const Row& row : *rows) {
    const auto at = [&](size_t column) { return static_cast<uint64_t>(row.integer(column)); };
    out.push_back({row.bytes(0), at(1), at(2), at(3), at(4)});
  }
  return out;
}

Result<> Writer::addPatternVersion(const StoredPattern& pattern) {
  const auto number = static_cast<int64_t>(pattern.version.version);
  const auto doc = toDocument(json{{"version", pattern.version}, {"removed", pattern.removed}});
  auto added = m_db.run(
      "INSERT INTO pattern_versions (pattern, version, doc, sum) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      {pattern.id, number, doc, checkSum(keyOf(pattern.id, number), doc)});
  if (!added) return std::unexpected(added.error());
  if (*added == 0) return fail(ErrorCode::Conflict, "the pattern was changed meanwhile", pattern.id);
  return {};
}

Result<> Writer::switchPattern(const std::string& id, bool enabled) {
  auto done = enabled
                  ? m_db.run("DELETE FROM patterns_off WHERE pattern = ?", {id})
                  : m_db.run("INSERT INTO patterns_off (pattern) VALUES (?) ON CONFLICT DO NOTHING", {id});
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<> Writer::addPatternCount(const model::PatternCount& count) {
  auto done = m_db.run(
      "INSERT INTO pattern_counts (pattern, day, matches, events, last) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (pattern, day) DO UPDATE SET matches = matches + excluded.matches, "
      "events = events + excluded.events, last = max(last, excluded.last)",
      {count.pattern, count.day, static_cast<int64_t>(count.matches), static_cast<int64_t>(count.events),
       micros(count.last)});
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<uint64_t> Writer::foldPatternCounts(base::TimePoint before, uint32_t atOnce) {
  auto rows = m_db.rows(
      "SELECT pattern, day, matches, events, last FROM pattern_counts WHERE day > ? AND day < ? "
      "ORDER BY day, pattern LIMIT ?",
      {kEarlier, dayOf(before), int64_t{atOnce}});
  if (!rows) return std::unexpected(rows.error());
  for (const Row& row : *rows) {
    auto count = countOf(row);
    auto gone =
        m_db.run("DELETE FROM pattern_counts WHERE pattern = ? AND day = ?", {count.pattern, count.day});
    if (!gone) return gone;
    count.day = kEarlier;
    if (auto added = addPatternCount(count); !added) return std::unexpected(added.error());
  }
  return rows->size();
}

/// The event's pattern took part in the event's incident. An event that can't be read leaves no trace here.
Result<> Writer::notePattern(const model::EventId& event) {
  auto done = m_db.run(
      "INSERT OR IGNORE INTO incident_patterns (incident, pattern) SELECT incident, "
      "CAST(json_extract(CAST(doc AS TEXT), '$.patternId') AS BLOB) FROM events "
      "WHERE id = ? AND json_valid(CAST(doc AS TEXT))",
      {event.str()});
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace aiops::storage
