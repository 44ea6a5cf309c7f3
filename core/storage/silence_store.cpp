// Silences and maintenance windows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/documents.h"
#include "storage/writer.h"

namespace aiops::storage {

using base::Result;

Result<std::vector<model::Silence>> Reader::silences() {
  return decodeAll<model::Silence>(m_db, "silence", "SELECT id, doc, sum FROM silences ORDER BY rowid");
}

Result<std::vector<model::MaintenanceWindow>> Reader::maintenanceWindows() {
  return decodeAll<model::MaintenanceWindow>(m_db, "maintenance window",
                                             "SELECT id, doc, sum FROM maintenance_windows ORDER BY rowid");
}

Result<> Writer::saveSilence(const model::Silence& silence) {
  return putDocument(m_db, "silences", "id", silence.id, toDocument(silence));
}

Result<> Writer::dropSilence(const std::string& id) {
  return run(m_db, "DELETE FROM silences WHERE id = ?", {id});
}

Result<> Writer::saveMaintenanceWindow(const model::MaintenanceWindow& window) {
  return putDocument(m_db, "maintenance_windows", "id", window.id, toDocument(window));
}

Result<> Writer::dropMaintenanceWindow(const std::string& id) {
  return run(m_db, "DELETE FROM maintenance_windows WHERE id = ?", {id});
}

}  // namespace aiops::storage
