// The knowledge graph: what is known, from where, and what an operator says of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/knowledge_view.h"
#include "service/reply.h"

namespace aiops::service {

/// Weights are as of the asking. What changes something needs the scope operate and is in the audit.
class KnowledgeOperations {
 public:
  virtual ~KnowledgeOperations() = default;
  virtual void listKnowledge(model::KnowledgeQuery query, Reply<model::KnowledgePage> reply) = 0;
  /// NotFound for a node of which nothing is known.
  virtual void knowledgeNode(std::string id, Reply<model::KnowledgeView> reply) = 0;
  /// Adds to a fact or contradicts it. InvalidInput for what can't be; Conflict where an operator has judged
  /// or forgotten it.
  virtual void addFact(Caller caller, model::FactDraft draft, Reply<model::KnowledgeEdge> reply) = 0;
  /// Says that a fact holds or is wrong, whatever is learnt of it, or takes that back. NotFound.
  virtual void judgeFact(Caller caller, std::string id, model::FactJudgement judgement,
                         Reply<model::KnowledgeEdge> reply) = 0;
  /// Hides a fact from all that look and from the analysts until it is restored. NotFound; Conflict when it
  /// is so already.
  virtual void forgetFact(Caller caller, std::string id, Reply<model::KnowledgeEdge> reply) = 0;
  virtual void restoreFact(Caller caller, std::string id, Reply<model::KnowledgeEdge> reply) = 0;
  virtual void exportKnowledge(Reply<model::KnowledgeExport> reply) = 0;
  /// What can't be taken is left out with its reason; only a failure of the store is an error.
  virtual void importKnowledge(Caller caller, std::vector<model::FactDraft> facts,
                               Reply<model::ImportReport> reply) = 0;
};

}  // namespace aiops::service
