// What people, agents and files say of the knowledge graph: takes it, keeps it, notes it in the audit.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "knowledge/graph.h"
#include "model/audit.h"
#include "model/inventory.h"
#include "storage/store.h"

namespace aiops::agents {

/// Nothing that is said here changes what incidents taught; a judgement or a "forget" stands beside it and
/// can be taken back. Every act is in the audit before it has effect. Thread safe. The parts outlive it.
class KnowledgeBook {
 public:
  struct Parts {
    storage::Store& store;
    knowledge::Graph& graph;
    const base::Clock& clock;
    std::function<base::Result<>(model::AuditEntry)> audit;
    std::function<void()> changed;
  };
  explicit KnowledgeBook(Parts parts) : m_parts(std::move(parts)) {}
  /// Reads what is stored, and what the configuration says. Once, before the agents start.
  base::Result<> load(const model::Inventory& inventory) AIOPS_EXCLUDES(m_mutex);

  /// Adds to a fact, or to what contradicts it. A key's name makes it an agent's, else it is an operator's.
  /// InvalidInput says which part can't be; Conflict: an operator judged or forgot it; LimitExceeded: there
  /// are too many.
  base::Result<model::KnowledgeEdge> add(const std::string& who, const model::FactDraft& draft)
      AIOPS_EXCLUDES(m_mutex);
  /// An operator's judgement; Open takes it back. NotFound.
  base::Result<model::KnowledgeEdge> judge(const std::string& who, const std::string& id,
                                           const model::FactJudgement& judgement) AIOPS_EXCLUDES(m_mutex);
  /// Hides it from all that look and from the analysts. NotFound; Conflict when it is so already.
  base::Result<model::KnowledgeEdge> forget(const std::string& who, const std::string& id)
      AIOPS_EXCLUDES(m_mutex);
  base::Result<model::KnowledgeEdge> restore(const std::string& who, const std::string& id)
      AIOPS_EXCLUDES(m_mutex);
  /// Takes what can be taken, replaces what an earlier file said of the same fact, and says why the rest was
  /// left out. Never touches what an operator judged or forgot here.
  base::Result<model::ImportReport> import(const std::string& who, const std::vector<model::FactDraft>& facts)
      AIOPS_EXCLUDES(m_mutex);

 private:
  base::Result<model::StatedFact> find(const std::string& id) const;
  base::Result<model::KnowledgeEdge> change(const std::string& who, const std::string& what,
                                            const std::string& why, const std::string& result,
                                            std::vector<model::StatedFact> facts) AIOPS_REQUIRES(m_mutex);
  base::Result<> store(const std::vector<model::StatedFact>& facts) AIOPS_REQUIRES(m_mutex);
  base::Result<model::StatedFact> withStatement(const model::FactDraft& draft, model::Statement said) const;
  base::Result<> makeRoom() AIOPS_REQUIRES(m_mutex);

  const Parts m_parts;
  mutable base::Mutex m_mutex;  ///< one change at a time; the graph has a lock of its own
};

/// "web failed_by disk_full".
std::string factText(const model::NodeKey& source, model::Relation relation, const model::NodeKey& target);

/// InvalidInput when the relation can't stand between such nodes, or a name or number can't be.
base::Result<> check(const model::FactDraft& draft);

}  // namespace aiops::agents
