// Remembered incidents and judged diagnoses: both outlive the incidents, the oldest leave for more.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/documents.h"
#include "storage/writer.h"

namespace aiops::storage {

using base::Result;

namespace {

/// `table` is a name that was written here.
Result<> putByEnd(Connection& db, const std::string& table, const std::string& id, base::TimePoint ended,
                  const std::string& doc, size_t most) {
  auto done = run(db,
                  "INSERT INTO " + table +
                      " (incident, ended, doc, sum) VALUES (?, ?, ?, ?) ON CONFLICT (incident) DO UPDATE SET "
                      "ended = excluded.ended, doc = excluded.doc, sum = excluded.sum",
                  {id, micros(ended), doc, checkSum(id, doc)});
  if (!done) return done;
  return run(db,
             "DELETE FROM " + table + " WHERE incident IN (SELECT incident FROM " + table +
                 " ORDER BY ended DESC LIMIT -1 OFFSET ?)",
             {static_cast<int64_t>(most)});
}

}  // namespace

Result<std::vector<model::PastIncident>> Reader::pastIncidents() {
  return decodeAll<model::PastIncident>(
      m_db, "past incident", "SELECT incident, doc, sum FROM past_incidents ORDER BY ended, incident");
}

Result<std::vector<model::JudgedDiagnosis>> Reader::judgedDiagnoses() {
  return decodeAll<model::JudgedDiagnosis>(
      m_db, "judged diagnosis", "SELECT incident, doc, sum FROM judged_diagnoses ORDER BY ended, incident");
}

Result<> Writer::savePastIncident(const model::PastIncident& past) {
  return putByEnd(m_db, "past_incidents", past.incident.str(), past.endedAt, toDocument(past),
                  model::kMostPastIncidents);
}

Result<> Writer::dropPastIncident(const model::IncidentId& incident) {
  return run(m_db, "DELETE FROM past_incidents WHERE incident = ?", {incident.str()});
}

Result<> Writer::saveJudgedDiagnosis(const model::JudgedDiagnosis& judged) {
  return putByEnd(m_db, "judged_diagnoses", judged.incident.str(), judged.at, toDocument(judged),
                  model::kMostJudged);
}

Result<> Writer::dropJudgedDiagnosis(const model::IncidentId& incident) {
  return run(m_db, "DELETE FROM judged_diagnoses WHERE incident = ?", {incident.str()});
}

}  // namespace aiops::storage
