// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_knowledge.h"

namespace aiops::test {

namespace {

using model::FactOrigin;
using model::NodeKey;
using model::NodeType;
using model::Relation;

NodeKey key(NodeType type, const std::string& name) {
  return {type, name};
}

/// Adds facts, and the nodes that they need.
class Shop {
 public:
  model::KnowledgeEdge& add(NodeKey source, Relation relation, NodeKey target, uint32_t seen, double weight) {
    model::KnowledgeEdge edge;
    edge.id = model::factId(source, relation, target);
    edge.source = model::nodeId(source);
    edge.relation = relation;
    edge.target = model::nodeId(target);
    edge.seen = seen;
    edge.weight = weight;
    const auto now = base::SystemClock().now();
    if (seen > 0) {
      edge.first = now - std::chrono::hours(24 * 20);
      edge.last = now - std::chrono::hours(5 * (page.edges.size() + 1));
      edge.proved = seen > 1 ? seen : 0;
      for (uint32_t i = 0; i < seen; ++i) edge.incidents.push_back("INC-0" + std::to_string(231 - i * 7));
      const bool tells = relation == Relation::FailedBy || relation == Relation::SignOf;
      edge.usedForDiagnosis = tells && edge.proved >= 2;
    }
    for (const auto& node : {source, target}) touch(node, weight);
    page.edges.push_back(std::move(edge));
    return page.edges.back();
  }

  model::KnowledgePage page;

 private:
  void touch(const NodeKey& which, double weight) {
    const auto id = model::nodeId(which);
    for (auto& node : page.nodes) {
      if (node.id != id) continue;
      node.weight += weight;
      ++node.facts;
      return;
    }
    page.nodes.push_back({.id = id, .type = which.type, .label = which.name, .weight = weight, .facts = 1});
    page.total = page.nodes.size();
  }
};

}  // namespace

model::KnowledgePage shopKnowledge() {
  Shop shop;
  const auto service = [](const char* name) { return key(NodeType::Service, name); };
  const auto cause = [](const char* name) { return key(NodeType::Cause, name); };
  const auto sign = [](const char* name) { return key(NodeType::Template, name); };
  const auto fix = [](const char* name) { return key(NodeType::Fix, name); };
  for (const auto& [from, to] : {std::pair{"gateway", "web"},
                                 {"web", "redis"},
                                 {"web", "postgresql"},
                                 {"payments-reconciliation-worker-eu-west-1", "postgresql"}}) {
    shop.add(service(from), Relation::DependsOn, service(to), 0, 1).origin = FactOrigin::Config;
  }
  shop.add(service("web"), Relation::FailedBy, cause("memory_limit_reached"), 4, 3.1);
  shop.add(service("web"), Relation::FailedBy, cause("bad_deployment"), 1, 0.25);
  shop.add(service("postgresql"), Relation::FailedBy, cause("disk_full"), 2, 1.6);
  shop.add(service("redis"), Relation::FailedBy, cause("process_killed"), 3, 2.2);
  auto& wrong = shop.add(service("gateway"), Relation::FailedBy, cause("certificate_expired"), 2, 0);
  wrong.standing = model::Standing::Wrong;
  wrong.judgedBy = "anna";
  wrong.usedForDiagnosis = false;
  wrong.note = "The certificate was fine; the clock of the prober was not.";
  shop.add(service("web"), Relation::Shows, sign("memory_exhausted"), 4, 1.8);
  shop.add(service("gateway"), Relation::Shows, sign("requests_failing"), 6, 2.4);
  shop.add(service("redis"), Relation::Shows, sign("connection_refused"), 3, 1.4);
  shop.add(sign("memory_exhausted"), Relation::SignOf, cause("memory_limit_reached"), 4, 3.1);
  shop.add(sign("connection_refused"), Relation::SignOf, cause("process_killed"), 3, 2.2);
  shop.add(sign("no_space_left"), Relation::SignOf, cause("disk_full"), 2, 1.6);
  shop.add(service("postgresql"), Relation::Shows, sign("no_space_left"), 2, 0.9);
  shop.add(service("web"), Relation::Affects, service("gateway"), 4, 3.1);
  shop.add(cause("memory_limit_reached"), Relation::CuredBy, fix("raise-memory-limit"), 3, 2.4);
  shop.add(cause("memory_limit_reached"), Relation::CuredBy, fix("restart-service"), 1, 0).against = 2;
  shop.add(cause("process_killed"), Relation::CuredBy, fix("restart-service"), 3, 2.2);
  shop.add(fix("raise-memory-limit"), Relation::LedTo, key(NodeType::Outcome, "worked"), 3, 2.4);
  shop.add(fix("restart-service"), Relation::LedTo, key(NodeType::Outcome, "worked"), 4, 3);
  shop.add(fix("restart-service"), Relation::LedTo, key(NodeType::Outcome, "undone"), 2, 1.2);
  auto& host =
      shop.add(service("postgresql"), Relation::RunsOn, key(NodeType::Host, "db-3.example.net"), 0, 0.3);
  host.origin = FactOrigin::Agent;
  host.by = "inventory-bot";
  host.last = base::SystemClock().now() - std::chrono::hours(30);
  return shop.page;
}

model::KnowledgePage manyNodes(size_t causes) {
  Shop shop;
  for (size_t i = 0; i < causes; ++i) {
    shop.add(key(NodeType::Service, "service-" + std::to_string(i)), Relation::FailedBy,
             key(NodeType::Cause, "cause_" + std::to_string(i)), 2, 1000.0 - static_cast<double>(i));
  }
  return shop.page;
}

void FakeKnowledge::listKnowledge(model::KnowledgeQuery query, service::Reply<model::KnowledgePage> reply) {
  auto answer = page;
  if (answer && !query.forgotten) std::erase_if(answer->edges, &model::KnowledgeEdge::forgotten);
  asked.push_back(std::move(query));
  reply(std::move(answer));
}

void FakeKnowledge::knowledgeNode(std::string id, service::Reply<model::KnowledgeView> reply) {
  auto view = around;
  view.node.id = id;
  reply(view);
}

model::KnowledgeEdge* FakeKnowledge::find(const std::string& id) {
  if (!page) return nullptr;
  for (auto& edge : page->edges) {
    if (edge.id == id) return &edge;
  }
  return nullptr;
}

void FakeKnowledge::addFact(service::Caller caller, model::FactDraft draft,
                            service::Reply<model::KnowledgeEdge> reply) {
  calls.push_back("addFact " + caller.name);
  taken.push_back(std::move(draft));
  reply(changed);
}

void FakeKnowledge::judgeFact(service::Caller caller, std::string id, model::FactJudgement judgement,
                              service::Reply<model::KnowledgeEdge> reply) {
  calls.push_back("judgeFact " + caller.name + " " + id);
  if (auto* edge = find(id); edge != nullptr && changed) {
    edge->standing = judgement.standing;
    edge->judgedBy = caller.name;
  }
  judged.push_back(std::move(judgement));
  reply(changed);
}

void FakeKnowledge::forgetFact(service::Caller caller, std::string id,
                               service::Reply<model::KnowledgeEdge> reply) {
  calls.push_back("forgetFact " + caller.name + " " + id);
  if (auto* edge = find(id); edge != nullptr && changed) edge->forgotten = true;
  reply(changed);
}

void FakeKnowledge::restoreFact(service::Caller caller, std::string id,
                                service::Reply<model::KnowledgeEdge> reply) {
  calls.push_back("restoreFact " + caller.name + " " + id);
  if (auto* edge = find(id); edge != nullptr && changed) edge->forgotten = false;
  reply(changed);
}

void FakeKnowledge::exportKnowledge(service::Reply<model::KnowledgeExport> reply) {
  reply(exported);
}

void FakeKnowledge::importKnowledge(service::Caller caller, std::vector<model::FactDraft> facts,
                                    service::Reply<model::ImportReport> reply) {
  calls.push_back("importKnowledge " + caller.name);
  model::ImportReport report;
  report.taken = facts.size();
  taken = std::move(facts);
  reply(report);
}

}  // namespace aiops::test
