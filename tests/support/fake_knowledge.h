// KnowledgeOperations without an engine: answers what it is given, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/knowledge_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread. What is forgotten is listed only when it is asked for, and what
/// is judged stays so.
class FakeKnowledge : public service::KnowledgeOperations {
 public:
  void listKnowledge(model::KnowledgeQuery query, service::Reply<model::KnowledgePage> reply) override;
  void knowledgeNode(std::string id, service::Reply<model::KnowledgeView> reply) override;
  void addFact(service::Caller caller, model::FactDraft draft,
               service::Reply<model::KnowledgeEdge> reply) override;
  void judgeFact(service::Caller caller, std::string id, model::FactJudgement judgement,
                 service::Reply<model::KnowledgeEdge> reply) override;
  void forgetFact(service::Caller caller, std::string id,
                  service::Reply<model::KnowledgeEdge> reply) override;
  void restoreFact(service::Caller caller, std::string id,
                   service::Reply<model::KnowledgeEdge> reply) override;
  void exportKnowledge(service::Reply<model::KnowledgeExport> reply) override;
  void importKnowledge(service::Caller caller, std::vector<model::FactDraft> facts,
                       service::Reply<model::ImportReport> reply) override;

  base::Result<model::KnowledgePage> page = model::KnowledgePage{};
  base::Result<model::KnowledgeEdge> changed = model::KnowledgeEdge{};
  model::KnowledgeView around;  ///< but for its node
  model::KnowledgeExport exported;
  std::vector<model::KnowledgeQuery> asked;
  std::vector<model::FactDraft> taken;
  std::vector<model::FactJudgement> judged;
  std::vector<std::string> calls;

 private:
  model::KnowledgeEdge* find(const std::string& id);
};

/// A small shop as it is known after some weeks; no engine computed it.
model::KnowledgePage shopKnowledge();
/// `causes` causes of as many services, the weightiest first.
model::KnowledgePage manyNodes(size_t causes);

}  // namespace aiops::test
