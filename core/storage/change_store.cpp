// Changes, and configuration files as they were.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/documents.h"
#include "storage/writer.h"

namespace aiops::storage {

using base::Result;

namespace {

/// One check sum covers the path too: a file's bytes can't stand under another's name.
std::string keyOf(const std::string& path, const std::string& role) {
  return role + '\n' + path;
}

}  // namespace

void to_json(nlohmann::json& json, const StoredBaseline& value);
void from_json(const nlohmann::json& json, StoredBaseline& value);

void to_json(nlohmann::json& json, const StoredBaseline& value) {
  json = {{"path", value.path}, {"role", value.role},   {"digest", value.digest},
          {"at", value.at},     {"bytes", value.bytes}, {"by", value.by}};
}

void from_json(const nlohmann::json& json, StoredBaseline& value) {
  json.at("path").get_to(value.path);
  json.at("role").get_to(value.role);
  json.at("digest").get_to(value.digest);
  json.at("at").get_to(value.at);
  json.at("bytes").get_to(value.bytes);
  json.at("by").get_to(value.by);
}

Result<std::vector<model::Change>> Reader::changes(const ChangeQuery& query) {
  return decodeAll<model::Change>(
      m_db, "change",
      "SELECT id, doc, sum FROM changes WHERE at >= ? AND (? = 0 OR service = ?) ORDER BY at DESC, seq DESC "
      "LIMIT ?",
      {micros(query.since), int64_t{query.service.empty() ? 0 : 1}, query.service, int64_t{query.limit}});
}

Result<std::vector<StoredBaseline>> Reader::baselines() {
  return decodeAll<StoredBaseline>(
      m_db, "configuration file",
      "SELECT CAST(role || x'0a' || path AS BLOB), doc, sum FROM config_baselines ORDER BY path, role");
}

Result<bool> Writer::addChange(const model::Change& change) {
  const std::string doc = toDocument(change);
  auto added = m_db.run(
      "INSERT INTO changes (id, at, service, stored, doc, sum) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO "
      "NOTHING",
      {change.id, micros(change.at), change.service, micros(m_now), doc, checkSum(change.id, doc)});
  if (!added) return std::unexpected(added.error());
  if (*added == 0) return false;
  auto trimmed =
      run(m_db, "DELETE FROM changes WHERE seq <= (SELECT max(seq) FROM changes) - ?", {kMostStoredChanges});
  if (!trimmed) return std::unexpected(trimmed.error());
  return true;
}

Result<> Writer::saveBaseline(const StoredBaseline& baseline) {
  const std::string doc = toDocument(baseline);
  return run(
      m_db,
      "INSERT INTO config_baselines (path, role, doc, sum) VALUES (?, ?, ?, ?) ON CONFLICT (path, role) DO "
      "UPDATE SET doc = excluded.doc, sum = excluded.sum",
      {baseline.path, baseline.role, doc, checkSum(keyOf(baseline.path, baseline.role), doc)});
}

Result<> Writer::dropBaselines(const std::string& path) {
  return run(m_db, "DELETE FROM config_baselines WHERE path = ?", {path});
}

}  // namespace aiops::storage
