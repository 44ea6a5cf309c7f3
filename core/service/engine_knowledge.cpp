// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_knowledge.h"

#include "agents/engine.h"
#include "service/engine_answer.h"

namespace aiops::service {

void EngineKnowledge::listKnowledge(model::KnowledgeQuery query, Reply<model::KnowledgePage> reply) {
  answerOn(m_worker, std::move(reply), [=, this]() -> base::Result<model::KnowledgePage> {
    return m_engine.graph().page(query, m_engine.clock().now());
  });
}

void EngineKnowledge::knowledgeNode(std::string id, Reply<model::KnowledgeView> reply) {
  answerOn(m_worker, std::move(reply),
           [=, this] { return m_engine.graph().around(id, m_engine.clock().now()); });
}

void EngineKnowledge::addFact(Caller caller, model::FactDraft draft, Reply<model::KnowledgeEdge> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [=, this] { return m_engine.knowledge().add(caller.name, draft); });
}

void EngineKnowledge::judgeFact(Caller caller, std::string id, model::FactJudgement judgement,
                                Reply<model::KnowledgeEdge> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply),
           [=, this] { return m_engine.knowledge().judge(caller.name, id, judgement); });
}

void EngineKnowledge::forgetFact(Caller caller, std::string id, Reply<model::KnowledgeEdge> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [=, this] { return m_engine.knowledge().forget(caller.name, id); });
}

void EngineKnowledge::restoreFact(Caller caller, std::string id, Reply<model::KnowledgeEdge> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [=, this] { return m_engine.knowledge().restore(caller.name, id); });
}

void EngineKnowledge::exportKnowledge(Reply<model::KnowledgeExport> reply) {
  answerOn(m_worker, std::move(reply), [this]() -> base::Result<model::KnowledgeExport> {
    return m_engine.graph().shared(m_engine.clock().now(), model::kMostStatedFacts);
  });
}

void EngineKnowledge::importKnowledge(Caller caller, std::vector<model::FactDraft> facts,
                                      Reply<model::ImportReport> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [=, this] { return m_engine.knowledge().import(caller.name, facts); });
}

}  // namespace aiops::service
