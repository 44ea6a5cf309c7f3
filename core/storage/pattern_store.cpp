// Versions of patterns, which are switched off, and what each found.
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

int64_t micros(base::TimePoint time) {
  return time.time_since_epoch().count();
}

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
  for (const Row& row : *rows) {
    out.push_back({row.bytes(0), row.integer(1), static_cast<uint64_t>(row.integer(2)),
                   static_cast<uint64_t>(row.integer(3)), base::TimePoint(base::Duration(row.integer(4)))});
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

}  // namespace aiops::storage
