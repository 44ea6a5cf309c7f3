// Stated facts of the knowledge graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/documents.h"
#include "storage/writer.h"

namespace aiops::storage {

using base::Result;

Result<std::vector<model::StatedFact>> Reader::statedFacts() {
  return decodeAll<model::StatedFact>(m_db, "stated fact",
                                      "SELECT id, doc, sum FROM knowledge_facts ORDER BY rowid");
}

Result<> Writer::saveStatedFact(const model::StatedFact& fact) {
  return putDocument(m_db, "knowledge_facts", "id", model::factId(fact.source, fact.relation, fact.target),
                     toDocument(fact));
}

Result<> Writer::dropStatedFact(const std::string& id) {
  return run(m_db, "DELETE FROM knowledge_facts WHERE id = ?", {id});
}

}  // namespace aiops::storage
