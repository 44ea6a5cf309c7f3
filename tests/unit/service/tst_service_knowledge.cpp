// The knowledge graph in a running engine: learnt once, taken back, corrected, forgotten, and after a
// restart. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <nlohmann/json.hpp>

#include "engine_world.h"
#include "service/engine_operations.h"
#include "support/event_builder.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;
using model::IncidentState;
using model::NodeType;
using model::Relation;
using model::Standing;

namespace {

constexpr auto kKey = "key ci-bot";

model::FactDraft draft(const std::string& service, const std::string& kind) {
  model::FactDraft out;
  out.source = {NodeType::Service, service};
  out.relation = Relation::FailedBy;
  out.target = {NodeType::Cause, kind};
  return out;
}

std::string idOf(const model::FactDraft& fact) {
  return model::factId(fact.source, fact.relation, fact.target);
}

class KnowledgeWorld : public EngineWorld {
 public:
  KnowledgeWorld() {
    settings.inventory.services = {{.name = "web", .dependsOn = {"db"}}, {.name = "db"}};
    write("share/signatures/some.yaml",
          "- {id: mem, kind: memory_exhausted, cause: memory_exhausted, statement: \"{service} is full\"}\n"
          "- {id: disk, kind: disk_full, cause: disk_full, statement: \"the disk of {service} is full\"}\n");
  }
  model::Incident put(IncidentState state) {
    const auto now = base::SystemClock().now();
    model::Incident incident{.id = model::IncidentId::create(),
                             .title = "web fails",
                             .state = state,
                             .services = {"web"},
                             .startedAt = now,
                             .detectedAt = now};
    if (model::isClosed(state)) incident.endedAt = now;
    incident.eventCount = 1;
    incident = *engine->store().saveIncident(incident);
    auto event = makeEvent("web", "memory_exhausted", 0);
    event.first = event.last = now;
    if (!engine->store().commitIngest({.events = {event}}) ||
        !engine->store().assignEvents(incident.id, {event.id})) {
      qFatal("the store refuses");
    }
    return incident;
  }
  model::Incident stored(const model::Incident& incident) {
    return *engine->store().incident(incident.id.str());
  }
  std::optional<model::KnowledgeEdge> edge(const model::FactDraft& fact) {
    return engine->graph().edge(idOf(fact), base::SystemClock().now());
  }
  uint32_t seen(const model::FactDraft& fact) {
    const auto found = edge(fact);
    return found ? found->seen : 0;
  }
  /// All that is known, without what time does to it.
  std::string told() {
    auto page = engine->graph().page({.limit = 500, .forgotten = true}, base::SystemClock().now());
    for (auto& one : page.edges) one.weight = std::round(one.weight * 1000);
    for (auto& one : page.nodes) one.weight = std::round(one.weight * 1000);
    std::ranges::sort(page.edges, {}, &model::KnowledgeEdge::id);
    std::ranges::sort(page.nodes, {}, &model::KnowledgeNode::id);
    return nlohmann::json(page).dump();
  }
};

}  // namespace

class TestKnowledge : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatCannotBeIsRefused();
  void anIncidentTeachesOnceAndIsTakenBack();
  void theAnalystSpeaksFromTheSecondIncidentOn();
  void agentsAddAndAreNotBelievedAsPeople();
  void aCorrectionHoldsAgainstAllThatComes();
  void whatIsForgottenComesBack();
  void aFileIsTakenOnceAndWithinItsRights();
  void itNeedsTheScope();
  void aFullBookLetsTheWeakestGo();
};

void TestKnowledge::whatCannotBeIsRefused() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  auto& book = world.engine->knowledge();
  auto wrong = draft("web", "disk_full");
  wrong.target.type = NodeType::Fix;
  QCOMPARE(book.add("alice", wrong).error().where, std::string("relation"));
  for (const auto& name : {std::string(), std::string(201, 'a'), std::string("a\nb"), std::string("\xff")}) {
    wrong = draft(name, "disk_full");
    QCOMPARE(book.add("alice", wrong).error().where, std::string("source"));
  }
  wrong = draft("web", "disk_full");
  for (const double weight : {0.0, -1.0, 1.5, std::nan("")}) {
    wrong.weight = weight;
    QCOMPARE(book.add("alice", wrong).error().where, std::string("weight"));
  }
  model::FactDraft itself;
  itself.source = itself.target = {NodeType::Service, "web"};
  QCOMPARE(book.add("alice", itself).error().where, std::string("target"));
  QVERIFY(book.judge("alice", "none", {}).error().code == ErrorCode::NotFound);
  QVERIFY(book.forget("alice", "none").error().code == ErrorCode::NotFound);
  QVERIFY(book.restore("alice", "none").error().code == ErrorCode::NotFound);
  QVERIFY(world.audited("knowledge.add").empty());
}

void TestKnowledge::anIncidentTeachesOnceAndIsTakenBack() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  const auto first = world.put(IncidentState::Resolved), second = world.put(IncidentState::Resolved);
  const auto fact = draft("web", "disk_full");
  world.start();
  auto& desk = world.engine->incidents();
  QVERIFY(desk.stateCause("anna", first.id.str(), "web", "disk_full").has_value());
  QVERIFY(desk.stateCause("anna", second.id.str(), "web", "disk_full").has_value());
  QTRY_COMPARE(world.seen(fact), 2U);
  QCOMPARE(world.edge(fact)->proved, 2U);
  QVERIFY(world.edge(fact)->usedForDiagnosis);
  // She says it again: it counts once.
  QVERIFY(desk.stateCause("anna", second.id.str(), "web", "disk_full").has_value());
  QTest::qWait(200);
  QCOMPARE(world.seen(fact), 2U);
  // After a restart it is the same.
  const auto before = world.told();
  world.end();
  QVERIFY(world.open().has_value());
  QCOMPARE(world.told(), before);
  world.start();
  QTest::qWait(300);
  QCOMPARE(world.told(), before);
  // She thinks again; and what is open again teaches nothing until it ends.
  auto& again = world.engine->incidents();
  QVERIFY(again.stateCause("anna", second.id.str(), "web", "memory_exhausted").has_value());
  QTRY_COMPARE(world.seen(fact), 1U);
  QCOMPARE(world.seen(draft("web", "memory_exhausted")), 1U);
  QVERIFY(again.reopen("anna", second.id.str()).has_value());
  QTRY_COMPARE(world.seen(draft("web", "memory_exhausted")), 0U);
  // Dismissed as a false alarm it teaches nothing either.
  QTRY_VERIFY(world.stored(second).state == IncidentState::Investigating);
  QVERIFY(world.engine->dismissIncident("anna", second.id.str(), "a test").has_value());
  QTRY_VERIFY(world.stored(second).falsePositive);
  QTest::qWait(200);
  QCOMPARE(world.seen(draft("web", "memory_exhausted")), 0U);
  QCOMPARE(world.seen(fact), 1U);
}

void TestKnowledge::theAnalystSpeaksFromTheSecondIncidentOn() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  const std::vector past{world.put(IncidentState::Resolved), world.put(IncidentState::Resolved)};
  const auto now = world.put(IncidentState::Resolved);
  world.start();
  for (const auto& incident : past)
    QVERIFY(world.engine->incidents().stateCause("anna", incident.id.str(), "web", "disk_full").has_value());
  QTRY_COMPARE(world.seen(draft("web", "disk_full")), 2U);
  QVERIFY(world.engine->incidents().reopen("anna", now.id.str()).has_value());
  const auto heard = [&](const std::string& analyst) {
    const auto diagnosis = world.engine->store().diagnosis(now.id);
    return diagnosis && std::ranges::any_of(diagnosis->opinions, [&](const auto& opinion) {
             return opinion.analyst == analyst && opinion.kind == "disk_full" && opinion.service == "web";
           });
  };
  QTRY_VERIFY(heard("Knowledge"));
  // With History it is one voice: both tell of the same incidents.
  QVERIFY(heard("History"));
  const auto diagnosis = world.engine->store().diagnosis(now.id);
  for (const auto& hypothesis : diagnosis->hypotheses) {
    const auto voices = std::ranges::count_if(
        hypothesis.analysts, [](const auto& name) { return name == "Knowledge" || name == "History"; });
    QVERIFY(voices <= 1);
  }
}

void TestKnowledge::agentsAddAndAreNotBelievedAsPeople() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  auto& book = world.engine->knowledge();
  const auto fact = draft("web", "disk_full");
  const auto first = book.add(kKey, fact);
  QVERIFY(first && first->origin == model::FactOrigin::Agent && first->by == "ci-bot");
  double last = first->weight;
  for (int i = 0; i < 20; ++i) {
    const auto more = book.add(kKey, fact);
    QVERIFY(more && more->weight + 1e-6 >= last);
    last = more->weight;
  }
  QVERIFY(last <= knowledge::kMostOfOneVoice);
  QVERIFY(!world.edge(fact)->usedForDiagnosis);
  const auto byPerson = book.add("local operator", draft("db", "disk_full"));
  QVERIFY(byPerson->origin == model::FactOrigin::Operator && byPerson->weight > first->weight);
  auto against = fact;
  against.against = true;
  const auto contradicted = book.add("local operator", against);
  QVERIFY(contradicted && contradicted->weight < last);
  QCOMPARE(world.audited("knowledge.add").size(), size_t(23));
  const auto before = world.told();
  world.end();
  QVERIFY(world.open().has_value());
  QCOMPARE(world.told(), before);
}

void TestKnowledge::aCorrectionHoldsAgainstAllThatComes() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  const auto incident = world.put(IncidentState::Resolved);
  const auto fact = draft("web", "disk_full"), right = draft("web", "memory_exhausted");
  world.start();
  QVERIFY(world.engine->incidents().stateCause("anna", incident.id.str(), "web", "disk_full").has_value());
  QTRY_COMPARE(world.seen(fact), 1U);
  auto& book = world.engine->knowledge();
  QVERIFY(book.judge("anna", idOf(fact), {Standing::Holds, "x", ""}).error().where == "target");
  QVERIFY(book.judge("anna", idOf(fact), {Standing::Wrong, "disk_full", ""}).error().where == "target");
  const auto corrected =
      book.judge("anna", idOf(fact), {Standing::Wrong, "memory_exhausted", "looked again"});
  QVERIFY2(corrected.has_value(), corrected ? "" : corrected.error().line().c_str());
  QCOMPARE(corrected->id, idOf(right));
  QVERIFY(corrected->standing == Standing::Holds && corrected->judgedBy == "anna");
  QCOMPARE(world.edge(fact)->weight, 0.0);
  QVERIFY(book.add(kKey, fact).error().code == ErrorCode::Conflict);
  const auto report = book.import("anna", {fact, right, draft("db", "disk_full")});
  QCOMPARE(report->taken, uint64_t(1));
  QCOMPARE(report->reasons.size(), size_t(2));
  QVERIFY(report->reasons[0].why.find("judged") != std::string::npos);
  QCOMPARE(world.edge(fact)->weight, 0.0);
  QCOMPARE(world.audited("knowledge.correct").size(), size_t(1));
  // It outlives the process, and can be taken back.
  world.end();
  QVERIFY(world.open().has_value());
  QVERIFY(world.edge(fact)->standing == Standing::Wrong && world.edge(right)->standing == Standing::Holds);
  QVERIFY(world.engine->knowledge().judge("anna", idOf(fact), {Standing::Open, "", ""}).has_value());
  QVERIFY(world.edge(fact)->weight > 0.9);
  QVERIFY(world.engine->knowledge().judge("anna", idOf(right), {Standing::Open, "", ""}).has_value());
  QVERIFY2(!world.edge(right), "nothing speaks of it any more");
}

void TestKnowledge::whatIsForgottenComesBack() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  auto& book = world.engine->knowledge();
  const auto fact = draft("web", "disk_full");
  QVERIFY(book.add("anna", fact).has_value());
  const auto before = world.edge(fact)->weight;
  QVERIFY(book.restore("anna", idOf(fact)).error().code == ErrorCode::Conflict);
  QVERIFY(book.forget("anna", idOf(fact))->forgotten);
  QVERIFY(book.forget("anna", idOf(fact)).error().code == ErrorCode::Conflict);
  QVERIFY(book.add("anna", fact).error().code == ErrorCode::Conflict);
  world.end();
  QVERIFY(world.open().has_value());
  QVERIFY(world.edge(fact)->forgotten);
  QVERIFY(!world.engine->knowledge().restore("bob", idOf(fact))->forgotten);
  QVERIFY(std::abs(world.edge(fact)->weight - before) < 1e-6);
  // Who depends on whom is of the configuration, and can be forgotten as well.
  model::FactDraft depends;
  depends.source = {NodeType::Service, "web"};
  depends.target = {NodeType::Service, "db"};
  QVERIFY(world.edge(depends)->origin == model::FactOrigin::Config);
  QVERIFY(world.engine->knowledge().forget("bob", idOf(depends)).has_value());
  QVERIFY(world.engine->graph().dependsOn("web").empty());
  QCOMPARE(world.audited("knowledge.forget").size(), size_t(2));
  QCOMPARE(world.audited("knowledge.restore").size(), size_t(1));
}

void TestKnowledge::aFileIsTakenOnceAndWithinItsRights() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  auto& book = world.engine->knowledge();
  const auto fact = draft("web", "disk_full");
  auto broken = fact;
  broken.weight = 0;
  const auto report = book.import("anna", {fact, fact, broken});
  QCOMPARE(report->taken, uint64_t(1));
  QCOMPARE(report->skipped, uint64_t(2));
  const auto once = world.edge(fact);
  QVERIFY(once->origin == model::FactOrigin::Import && once->weight <= 0.3);
  QCOMPARE(book.import("anna", {fact})->taken, uint64_t(1));
  QVERIFY(std::abs(world.edge(fact)->weight - once->weight) < 1e-6);
  // What leaves comes in again elsewhere.
  const auto shared = world.engine->graph().shared(base::SystemClock().now(), 100);
  QVERIFY(std::ranges::any_of(shared.facts, [&](const auto& one) { return one.target == fact.target; }));
  QCOMPARE(world.engine->graph().shared(base::SystemClock().now(), 1).leftOut, shared.facts.size() - 1);
}

void TestKnowledge::itNeedsTheScope() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  const auto operations = service::makeEngineOperations(*world.engine);
  auto& known = operations->knowledge();
  const service::Caller reader{.name = "key reader"};
  const auto added = answerOf<model::KnowledgeEdge>(
      [&](auto reply) { known.addFact(reader, draft("web", "disk_full"), std::move(reply)); });
  QVERIFY(added.error().code == ErrorCode::PermissionDenied);
  QVERIFY(
      answerOf<model::ImportReport>([&](auto reply) { known.importKnowledge(reader, {}, std::move(reply)); })
          .error()
          .code == ErrorCode::PermissionDenied);
  std::atomic<int> changes = 0;
  const auto subscription = operations->subscribe(
      [&](service::Change change) { changes += change == service::Change::Knowledge ? 1 : 0; });
  QVERIFY(answerOf<model::KnowledgeEdge>([&](auto reply) {
            known.addFact(admin(), draft("web", "disk_full"), std::move(reply));
          }).has_value());
  QCOMPARE(changes.load(), 1);
  const auto view = answerOf<model::KnowledgeView>(
      [&](auto reply) { known.knowledgeNode("service.web", std::move(reply)); });
  QVERIFY(view && view->dependsOn == std::vector<std::string>{"db"});
  QCOMPARE(view->causes.size(), size_t(1));
}

void TestKnowledge::aFullBookLetsTheWeakestGo() {
  KnowledgeWorld world;
  QVERIFY(world.open().has_value());
  auto& book = world.engine->knowledge();
  std::vector<model::FactDraft> many;
  for (size_t i = 0; i <= model::kMostStatedFacts; ++i)
    many.push_back(draft("web", "cause" + std::to_string(i)));
  const auto report = book.import("anna", many);
  QCOMPARE(report->taken, uint64_t(model::kMostStatedFacts));
  QCOMPARE(report->skipped, uint64_t(1));
  QCOMPARE(world.engine->graph().statedCount(), model::kMostStatedFacts);
  QVERIFY(book.add("anna", draft("db", "said_by_a_person")).has_value());
  QCOMPARE(world.engine->graph().statedCount(), model::kMostStatedFacts);
  world.end();
  QVERIFY(world.open().has_value());
  QCOMPARE(world.engine->graph().statedCount(), model::kMostStatedFacts);
  QVERIFY(world.edge(draft("db", "said_by_a_person")));
}

QTEST_GUILESS_MAIN(TestKnowledge)
#include "tst_service_knowledge.moc"
