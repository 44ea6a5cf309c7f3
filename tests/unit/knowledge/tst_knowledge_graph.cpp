// What incidents teach the knowledge graph, what fades, what is taken back, and what it answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <cmath>
#include <random>

#include <nlohmann/json.hpp>

#include "analysis/knowledge_analyst.h"
#include "knowledge/graph.h"
#include "knowledge/lessons.h"
#include "support/event_builder.h"

using namespace aiops;
using knowledge::Graph;
using model::CauseBasis;
using model::NodeType;
using model::Relation;
using model::Standing;
using test::makeEvent;

namespace {

const base::TimePoint kNow = test::at(0);

model::PastIncident past(uint64_t number, const std::string& service, const std::string& kind,
                         CauseBasis basis = CauseBasis::Person, std::chrono::hours ago = {}) {
  model::PastIncident out{.incident = model::IncidentId("incident-" + std::to_string(number)),
                          .number = number,
                          .startedAt = kNow - ago,
                          .endedAt = kNow - ago,
                          .service = service,
                          .kind = kind,
                          .basis = basis,
                          .by = "anna"};
  out.terms.services = {service, "front"};
  out.terms.places = {service + "/memory_exhausted", "front/requests_failing"};
  return out;
}

model::PastIncident tried(model::PastIncident one, std::vector<model::TriedFix> fixes) {
  one.tried = std::move(fixes);
  return one;
}

model::NodeKey service(const std::string& name) {
  return {NodeType::Service, name};
}
model::NodeKey cause(const std::string& name) {
  return {NodeType::Cause, name};
}

std::string failedBy(const std::string& name, const std::string& kind) {
  return model::factId(service(name), Relation::FailedBy, cause(kind));
}

model::StatedFact stated(const std::string& name, const std::string& kind, Standing standing) {
  model::StatedFact out;
  out.source = service(name);
  out.relation = Relation::FailedBy;
  out.target = cause(kind);
  out.standing = standing;
  out.judgedBy = "anna";
  return out;
}

/// All that it knows, as text.
std::string told(const Graph& graph) {
  return nlohmann::json(graph.page({.limit = 500, .forgotten = true}, kNow)).dump();
}

double weight(const Graph& graph, const std::string& id, base::TimePoint now = kNow) {
  const auto edge = graph.edge(id, now);
  return edge ? edge->weight : -1;
}

analysis::CaseFile caseOf(std::vector<model::Event> events) {
  return {.incident = {.id = model::IncidentId::create(), .startedAt = kNow},
          .events = std::move(events),
          .blame = {}};
}

std::vector<model::Event> outOfMemory(const std::string& name = "web") {
  return {makeEvent(name, "memory_exhausted", 1), makeEvent("front", "requests_failing", 2)};
}

}  // namespace

class TestGraph : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anEmptyGraphAnswers() {
    Graph graph;
    QVERIFY(graph.page({}, kNow).nodes.empty());
    QVERIFY(graph.around("service.web", kNow).error().code == base::ErrorCode::NotFound);
    QVERIFY(graph.causesOf("web", kNow).empty() && graph.curesOf("x", "web").empty());
    QVERIFY(!graph.stated("x") && graph.weakestStated(kNow).empty());
    graph.takeBack(model::IncidentId("none"));
    graph.dropStated("none");
    QVERIFY(graph.shared(kNow, 10).facts.empty());
  }

  void whatIsNotKnownTeachesNothing() {
    auto one = past(1, "web", "unknown");
    one.terms = {};
    QVERIFY(knowledge::lessonsOf(one).empty());
    one = past(1, "", "");
    one.terms.places = {"noslash", "/", "web/", "/signal"};
    QVERIFY(knowledge::lessonsOf(one).empty());
    one.terms.places = {"postfix/smtpd/queue_grows"};
    QCOMPARE(knowledge::lessonsOf(one).front().source.name, std::string("postfix/smtpd"));
  }

  void namesMakeIdsThatFitIntoAPath() {
    QCOMPARE(model::nodeId(service("web-1.a_b")), std::string("service.web-1.a_b"));
    const std::vector<std::string> others{"a/b", "a b", "\xc3\xa9", std::string(101, 'a')};
    for (const auto& name : others) {
      const auto id = model::nodeId(service(name));
      QVERIFY(id.starts_with("service~") && id.size() == 24);
    }
    QVERIFY(model::nodeId(service("a/b")) != model::nodeId(service("a b")));
    QVERIFY(model::nodeId(service("a")) != model::nodeId(cause("a")));
  }

  void whoSaysItMakesTheWeight() {
    double before = 0;
    for (const auto basis : {CauseBasis::Diagnosis, CauseBasis::Fix, CauseBasis::Person}) {
      Graph graph;
      graph.learn(past(1, "web", "disk_full", basis));
      const double now = weight(graph, failedBy("web", "disk_full"));
      QVERIFY(now > before);
      before = now;
      const auto edge = graph.edge(failedBy("web", "disk_full"), kNow);
      QCOMPARE(edge->proved, basis == CauseBasis::Diagnosis ? 0U : 1U);
      QVERIFY(!edge->usedForDiagnosis);
    }
  }

  void itFadesByHalfAndGrowsAgain() {
    Graph graph;
    const auto id = failedBy("web", "disk_full");
    graph.learn(past(1, "web", "disk_full"));
    QCOMPARE(weight(graph, id), 1.0);
    QVERIFY(std::abs(weight(graph, id, kNow + knowledge::kHalfLife) - 0.5) < 1e-9);
    QVERIFY(std::abs(weight(graph, id, kNow + 2 * knowledge::kHalfLife) - 0.25) < 1e-9);
    QCOMPARE(weight(graph, id, kNow - std::chrono::hours(1)), 1.0);  // a clock that was put back
    graph.learn(past(2, "web", "disk_full"));
    QCOMPARE(weight(graph, id), 2.0);
    QVERIFY(graph.edge(id, kNow)->usedForDiagnosis);
  }

  void whatContradictsTakesAway() {
    Graph graph;
    graph.learn(past(1, "web", "disk_full", CauseBasis::Diagnosis));
    auto other = past(2, "db", "lock_contention");
    other.wrongService = "web";
    other.wrongKind = "disk_full";
    graph.learn(other);
    const auto edge = graph.edge(failedBy("web", "disk_full"), kNow);
    QCOMPARE(edge->against, 1U);
    QCOMPARE(edge->weight, 0.0);
    // Of what nothing speaks for, nothing is shown.
    graph.takeBack(model::IncidentId("incident-1"));
    QVERIFY(graph.causesOf("web", kNow).empty());
    QVERIFY(told(graph).find(failedBy("web", "disk_full")) == std::string::npos);
  }

  void learntTwiceCountsOnce() {
    Graph graph;
    const auto one = tried(past(1, "web", "disk_full"), {{"free-disk", "worked"}});
    graph.learn(one);
    const auto once = told(graph);
    graph.learn(one);
    QCOMPARE(told(graph), once);
  }

  void takenBackToTheLastBit() {
    std::mt19937 random(7);
    const auto any = [&](const std::vector<std::string>& of) { return of[random() % of.size()]; };
    Graph graph, without;
    std::vector<model::PastIncident> extra;
    for (uint64_t i = 0; i < 200; ++i) {
      auto one =
          past(i, any({"web", "db", "mail"}), any({"disk_full", "memory_limit_reached", "bad_deployment"}),
               static_cast<CauseBasis>(random() % 3), std::chrono::hours(random() % 5000));
      one = tried(std::move(one), {{any({"restart", "grow"}), any({"worked", "undone", "failed"})}});
      graph.learn(one);
      if (random() % 3 == 0) {
        extra.push_back(one);
      } else {
        without.learn(one);
      }
    }
    QVERIFY(told(graph) != told(without));
    for (const auto& one : extra) graph.takeBack(one.incident);
    QCOMPARE(told(graph), told(without));
  }

  void anotherCauseMovesWhatItTaught() {
    Graph graph, only;
    graph.learn(past(1, "web", "disk_full", CauseBasis::Diagnosis));
    graph.learn(past(1, "db", "lock_contention"));
    only.learn(past(1, "db", "lock_contention"));
    QCOMPARE(told(graph), told(only));
  }

  void aJudgementOutweighsAllThatIsLearnt() {
    Graph graph;
    const auto id = failedBy("web", "disk_full");
    graph.put(stated("web", "disk_full", Standing::Wrong));
    for (uint64_t i = 0; i < 5; ++i) graph.learn(past(i, "web", "disk_full"));
    QCOMPARE(weight(graph, id), 0.0);
    QVERIFY(!graph.edge(id, kNow)->usedForDiagnosis);
    QVERIFY(graph.causesOf("web", kNow).empty());
    QVERIFY(graph.experienceOf(service("web"), kNow).empty());
    graph.put(stated("web", "disk_full", Standing::Holds));
    QCOMPARE(weight(graph, id, kNow + 20 * knowledge::kHalfLife), 1.0);
    graph.dropStated(id);
    QCOMPARE(weight(graph, id), 5.0);
  }

  void whatIsForgottenIsHiddenAndComesBack() {
    Graph graph;
    graph.learn(past(1, "web", "disk_full"));
    graph.learn(past(2, "web", "disk_full"));
    const auto before = told(graph);
    auto fact = stated("web", "disk_full", Standing::Open);
    fact.forgotten = true;
    graph.put(fact);
    QVERIFY(graph.causesOf("web", kNow).empty());
    QVERIFY(graph.experienceOf(service("web"), kNow).empty());
    QVERIFY(nlohmann::json(graph.page({}, kNow)).dump().find(failedBy("web", "disk_full")) ==
            std::string::npos);
    QVERIFY(told(graph).find(failedBy("web", "disk_full")) != std::string::npos);
    for (const auto& shared : graph.shared(kNow, 100).facts)
      QVERIFY(shared.target.name != "disk_full" || shared.relation != Relation::FailedBy);
    graph.dropStated(failedBy("web", "disk_full"));
    QCOMPARE(told(graph), before);
  }

  void fixesCountWhereTheyWereTried() {
    Graph graph;
    graph.learn(tried(past(1, "web", "disk_full"), {{"restart", "undone"}, {"free-disk", "worked"}}));
    graph.learn(tried(past(2, "web", "disk_full"), {{"free-disk", "worked"}}));
    graph.learn(tried(past(3, "db", "disk_full"), {{"free-disk", "failed"}, {"restart", "worked"}}));
    const auto here = graph.curesOf("disk_full", "web");
    QCOMPARE(here.size(), size_t(2));
    QCOMPARE(here[0].fix, std::string("free-disk"));
    QCOMPARE(here[0].worked, 2U);
    QCOMPARE(here[0].failed, 0U);
    QCOMPARE(here[1].failed, 1U);
    const auto everywhere = graph.curesOf("disk_full", "");
    QCOMPARE(everywhere[0].worked + everywhere[0].failed, 3U);
    QVERIFY(graph.curesOf("disk_full", "mail").empty());
    const auto view = graph.around("service.web", kNow);
    QCOMPARE(view->cures.size(), size_t(2));
    QCOMPARE(view->causes.front().seen, 2U);
    QVERIFY(view->incidents == std::vector<std::string>({"INC-0002", "INC-0001"}));
  }

  void whoDependsOnWhomDoesNotFade() {
    Graph graph;
    model::FactDraft depends;
    depends.source = service("web");
    depends.target = service("db");
    graph.configure({depends});
    QVERIFY(graph.dependsOn("web") == std::vector<std::string>{"db"});
    QVERIFY(graph.around("service.db", kNow)->neededBy == std::vector<std::string>{"web"});
    QVERIFY(graph.dependsOn("db").empty());
    const auto id = model::factId(depends.source, depends.relation, depends.target);
    QCOMPARE(weight(graph, id, kNow + 50 * knowledge::kHalfLife), 1.0);
    // What logs show goes when they no longer do; what the configuration says stays.
    auto seen = depends;
    seen.target = service("redis");
    seen.weight = 0.5;
    seen.note = "address, seen 3 times";
    graph.observe({seen, depends});
    QCOMPARE(graph.dependsOn("web").size(), size_t(2));
    const auto learnt = graph.edge(model::factId(seen.source, seen.relation, seen.target), kNow);
    QVERIFY(learnt->origin == model::FactOrigin::Log && learnt->note == seen.note && learnt->weight == 0.5);
    QVERIFY(graph.edge(id, kNow)->origin == model::FactOrigin::Config);
    graph.observe({});
    QVERIFY(graph.dependsOn("web") == std::vector<std::string>{"db"});
    graph.configure({});
    QVERIFY(graph.page({}, kNow).nodes.empty());
  }

  void questionsAreNarrowedAndPaged() {
    Graph graph;
    graph.learn(tried(past(1, "web", "disk_full"), {{"free-disk", "worked"}}));
    graph.learn(past(2, "mail", "certificate_expired", CauseBasis::Person, std::chrono::hours(24 * 40)));
    const auto whole = graph.page({.limit = 500}, kNow);
    const auto causes = graph.page({.type = NodeType::Cause}, kNow);
    QCOMPARE(causes.total, uint64_t(2));
    for (const auto& node : causes.nodes) QCOMPARE(node.matched, node.type == NodeType::Cause);
    const auto ofWeb = graph.page({.service = "web", .limit = 500}, kNow);
    QVERIFY(nlohmann::json(ofWeb).dump().find("free-disk") != std::string::npos);
    QVERIFY(nlohmann::json(ofWeb).dump().find("certificate") == std::string::npos);
    QVERIFY(graph.page({.service = "nobody"}, kNow).nodes.empty());
    QCOMPARE(graph.page({.text = "CERTIF"}, kNow).total, uint64_t(1));
    const auto recent = graph.page({.days = 30, .limit = 500}, kNow);
    QVERIFY(nlohmann::json(recent).dump().find("certificate") == std::string::npos);
    // Pages together are the whole.
    std::set<std::string> seen;
    for (uint32_t offset = 0; offset < whole.total; offset += 2) {
      for (const auto& node : graph.page({.limit = 2, .offset = offset}, kNow).nodes) {
        if (node.matched) QVERIFY(seen.insert(node.id).second);
      }
    }
    QCOMPARE(seen.size(), whole.nodes.size());
    QVERIFY(graph.page({.offset = 1000}, kNow).nodes.empty());
  }

  void theWeakestAndTheOldestLeave() {
    Graph graph({.nodes = 1000, .edges = 30, .incidents = 1000});
    graph.put(stated("kept", "by_a_person", Standing::Holds));
    graph.learn(past(0, "weak", "cause0", CauseBasis::Diagnosis, std::chrono::hours(24 * 400)));
    for (uint64_t i = 1; i < 40; ++i)
      graph.learn(past(i, "s" + std::to_string(i), "cause" + std::to_string(i)));
    QVERIFY(graph.page({.limit = 500}, kNow).edges.size() <= 30);
    QVERIFY(!graph.edge(failedBy("weak", "cause0"), kNow));
    QVERIFY(graph.edge(failedBy("kept", "by_a_person"), kNow));
    Graph few({.nodes = 1000, .edges = 1000, .incidents = 2});
    for (uint64_t i = 0; i < 3; ++i)
      few.learn(past(i, "web", "cause" + std::to_string(i), CauseBasis::Person, std::chrono::hours(10 - i)));
    QVERIFY(!few.edge(failedBy("web", "cause0"), kNow) && few.edge(failedBy("web", "cause2"), kNow));
  }

  void theAnalystIsSilentBelowTwoIncidents() {
    Graph graph;
    const analysis::KnowledgeAnalyst analyst(graph);
    QVERIFY(analyst.analyse(caseOf(outOfMemory())).empty());
    graph.learn(past(1, "web", "memory_limit_reached"));
    QVERIFY(analyst.analyse(caseOf(outOfMemory())).empty());
    graph.learn(past(2, "web", "memory_limit_reached"));
    const auto claims = analyst.analyse(caseOf(outOfMemory()));
    QCOMPARE(claims.size(), size_t(1));
    QCOMPARE(claims[0].service, std::string("web"));
    QCOMPARE(claims[0].kind, std::string("memory_limit_reached"));
    QVERIFY(claims[0].confidence > 0.5 && claims[0].confidence <= 0.6);
    QVERIFY(!claims[0].evidence.empty());
    QCOMPARE(claims[0].evidence[0].evidence.service, std::string("web"));
    QVERIFY(claims[0].note.find("in 2 incidents") != std::string::npos);
    QVERIFY(analyst.remembers());
  }

  void theAnalystBelievesPeopleAndFixesOnly() {
    Graph graph;
    const analysis::KnowledgeAnalyst analyst(graph);
    for (uint64_t i = 0; i < 20; ++i)
      graph.learn(past(i, "web", "memory_limit_reached", CauseBasis::Diagnosis));
    // What agents and files state is no experience either.
    auto fact = stated("web", "memory_limit_reached", Standing::Open);
    fact.statements.push_back({model::FactOrigin::Agent, "bot", kNow, 2.0, 9, ""});
    graph.put(fact);
    QVERIFY(analyst.analyse(caseOf(outOfMemory())).empty());
    for (uint64_t i = 20; i < 22; ++i) graph.learn(past(i, "web", "memory_limit_reached", CauseBasis::Fix));
    QCOMPARE(analyst.analyse(caseOf(outOfMemory())).size(), size_t(1));
  }

  void aSignTellsOfAServiceThatIsNew() {
    Graph graph;
    for (uint64_t i = 0; i < 3; ++i) graph.learn(past(i, "web", "memory_limit_reached"));
    const analysis::KnowledgeAnalyst analyst(graph);
    const auto claims = analyst.analyse(caseOf(outOfMemory("shop")));
    QCOMPARE(claims.size(), size_t(1));
    QCOMPARE(claims[0].service, std::string("shop"));
    // The victim's signs tell nothing: "front" showed requests_failing each time.
    QVERIFY(analyst.analyse(caseOf({makeEvent("shop", "requests_failing", 1)})).empty());
  }

  void rivalsTellLess() {
    Graph graph;
    const analysis::KnowledgeAnalyst analyst(graph);
    for (uint64_t i = 0; i < 4; ++i) graph.learn(past(i, "web", "memory_limit_reached"));
    const auto sure = analyst.analyse(caseOf(outOfMemory())).front().confidence;
    for (uint64_t i = 4; i < 8; ++i) graph.learn(past(i, "web", "bad_deployment"));
    for (const auto& claim : analyst.analyse(caseOf(outOfMemory()))) QVERIFY(claim.confidence < sure);
  }
};

QTEST_GUILESS_MAIN(TestGraph)
#include "tst_knowledge_graph.moc"
