// KnowledgeOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/knowledge_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order.
class EngineKnowledge final : public KnowledgeOperations {
 public:
  EngineKnowledge(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void listKnowledge(model::KnowledgeQuery query, Reply<model::KnowledgePage> reply) override;
  void knowledgeNode(std::string id, Reply<model::KnowledgeView> reply) override;
  void addFact(Caller caller, model::FactDraft draft, Reply<model::KnowledgeEdge> reply) override;
  void judgeFact(Caller caller, std::string id, model::FactJudgement judgement,
                 Reply<model::KnowledgeEdge> reply) override;
  void forgetFact(Caller caller, std::string id, Reply<model::KnowledgeEdge> reply) override;
  void restoreFact(Caller caller, std::string id, Reply<model::KnowledgeEdge> reply) override;
  void exportKnowledge(Reply<model::KnowledgeExport> reply) override;
  void importKnowledge(Caller caller, std::vector<model::FactDraft> facts,
                       Reply<model::ImportReport> reply) override;

 private:
  agents::Engine& m_engine;
  base::Worker& m_worker;
};

}  // namespace aiops::service
