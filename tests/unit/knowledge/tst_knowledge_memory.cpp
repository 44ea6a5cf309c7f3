// What incidents are like, and what past ones tell of a new one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <cmath>

#include "analysis/history_analyst.h"
#include "knowledge/incident_memory.h"
#include "support/event_builder.h"

using namespace aiops;
using test::makeEvent;

namespace {

using Events = std::vector<model::Event>;

model::Event says(const std::string& service, const std::string& signal, const std::string& line) {
  auto event = makeEvent(service, signal, 1);
  event.evidence.front().id = service + line;
  event.evidence.front().text = line;
  return event;
}

Events outOfMemory(int number) {
  const auto n = std::to_string(number);
  return {says("web", "memory_exhausted",
               "2026-11-22T20:0" + n + ":00Z worker " + n + " killed: cannot allocate " + n + "096 bytes"),
          says("front", "requests_failing", "GET /cart/" + n + " answered 503 by upstream")};
}

Events diskFull() {
  return {says("db", "disk_full", "could not extend file base/16384: No space left on device"),
          says("web", "requests_failing", "query of the catalogue failed, giving up")};
}

model::PastIncident past(uint64_t number, const Events& events, const std::string& service = {},
                         const std::string& kind = {}, model::CauseBasis basis = model::CauseBasis::Person) {
  return {.incident = model::IncidentId::create(),
          .number = number,
          .title = "it",
          .service = service,
          .kind = kind,
          .basis = basis,
          .by = "anna",
          .terms = knowledge::termsOf(events)};
}

const model::IncidentId kNone = model::IncidentId::create();

analysis::CaseFile caseOf(const Events& events) {
  return {.incident = {.id = model::IncidentId::create()}, .events = events, .blame = {}};
}

}  // namespace

class TestMemory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anEmptyMemoryFindsNothing() {
    knowledge::IncidentMemory memory;
    QVERIFY(memory.similar(knowledge::termsOf(outOfMemory(1)), kNone, 5, 0).empty());
    QVERIFY(memory.similar({}, kNone, 5, 0.1).empty());
    QVERIFY(!memory.knows(kNone));
  }

  void valuesDoNotMakeADifference() {
    const auto one = knowledge::termsOf(outOfMemory(1)), other = knowledge::termsOf(outOfMemory(7));
    QVERIFY(one.words == other.words);
    QVERIFY(one.words.contains("allocate") && !one.words.contains("096"));
  }

  void theSameIsOneAndNothingInCommonIsZero() {
    knowledge::IncidentMemory memory;
    memory.remember(past(1, outOfMemory(1)));
    memory.remember(past(2, {says("mail", "queue_grows", "deferred: greylisted elsewhere")}));
    const auto found = memory.similar(knowledge::termsOf(outOfMemory(3)), kNone, 5, 0);
    QCOMPARE(found.size(), size_t(2));
    QCOMPARE(found[0].past.number, uint64_t(1));
    QVERIFY(std::abs(found[0].similarity - 1) < 1e-9);
    QVERIFY(std::abs(found[1].similarity) < 1e-9);
  }

  void likenessIsMutualAndOrdered() {
    knowledge::IncidentMemory memory;
    auto half = outOfMemory(2);
    half.pop_back();
    half.push_back(diskFull().front());
    const auto whole = past(1, outOfMemory(1)), part = past(2, half), other = past(3, diskFull());
    for (const auto& each : {whole, part, other}) memory.remember(each);
    const auto likeness = [&](const model::PastIncident& of, const model::PastIncident& to) {
      for (const auto& found : memory.similar(of.terms, kNone, 5, 0))
        if (found.past.incident == to.incident) return found.similarity;
      return -1.0;
    };
    QVERIFY(std::abs(likeness(whole, part) - likeness(part, whole)) < 1e-9);
    QVERIFY(likeness(whole, part) > likeness(whole, other));
    QVERIFY(likeness(part, other) > likeness(whole, other));
  }

  void rareSignsCountMore() {
    knowledge::IncidentMemory memory;
    for (uint64_t i = 0; i < 50; ++i)
      memory.remember(past(
          i, {says("web", "requests_failing", "answered 503"), says("web", "odd" + std::to_string(i), "")}));
    auto rare = past(100, {says("web", "certificate_expired", "")});
    memory.remember(rare);
    const Events query{says("web", "requests_failing", "answered 503"),
                       says("web", "certificate_expired", "")};
    QCOMPARE(memory.similar(knowledge::termsOf(query), kNone, 1, 0).front().past.number, uint64_t(100));
  }

  void forgottenReplacedAndItself() {
    knowledge::IncidentMemory memory;
    auto one = past(1, outOfMemory(1));
    memory.remember(one);
    memory.remember(one);
    QCOMPARE(memory.similar(one.terms, kNone, 5, 0).size(), size_t(1));
    QVERIFY(memory.similar(one.terms, one.incident, 5, 0).empty());
    one.kind = "other";
    memory.remember(one);
    QCOMPARE(memory.similar(one.terms, kNone, 5, 0).front().past.kind, std::string("other"));
    memory.forget(one.incident);
    memory.forget(one.incident);
    QVERIFY(!memory.knows(one.incident) && memory.similar(one.terms, kNone, 5, 0).empty());
  }

  void theOldestLeavesForOneTooMany() {
    knowledge::IncidentMemory memory;
    std::vector<model::IncidentId> ids;
    for (size_t i = 0; i <= model::kMostPastIncidents; ++i) {
      model::PastIncident one{.incident = model::IncidentId::create(), .number = i};
      one.endedAt = test::at(static_cast<double>(i));
      one.terms.signals = {i == 0 ? "first" : "later"};
      ids.push_back(one.incident);
      memory.remember(std::move(one));
    }
    QVERIFY(!memory.knows(ids.front()));
    QVERIFY(memory.knows(ids[1]) && memory.knows(ids.back()));
    model::IncidentTerms first;
    first.signals = {"first"};
    QVERIFY(memory.similar(first, kNone, 5, 0.01).empty());
  }

  void theAnalystBelievesPeopleAndFixesOnly() {
    for (const auto basis :
         {model::CauseBasis::Diagnosis, model::CauseBasis::Fix, model::CauseBasis::Person}) {
      knowledge::IncidentMemory memory;
      memory.remember(past(1, outOfMemory(1), "web", "memory_limit_reached", basis));
      memory.remember(past(2, diskFull(), "db", "disk_full", basis));
      const auto claims = analysis::HistoryAnalyst(memory).analyse(caseOf(outOfMemory(5)));
      if (basis == model::CauseBasis::Diagnosis) {
        QVERIFY(claims.empty());
        continue;
      }
      QCOMPARE(claims.size(), size_t(1));
      QCOMPARE(claims[0].service, std::string("web"));
      QCOMPARE(claims[0].kind, std::string("memory_limit_reached"));
      QVERIFY(claims[0].confidence > 0.8 && claims[0].confidence <= 0.95);
      QVERIFY(!claims[0].evidence.empty());
      QVERIFY(claims[0].note.find("INC-0001 is 100 % alike") != std::string::npos);
    }
  }

  void whatContradictsItselfTellsLess() {
    knowledge::IncidentMemory memory;
    memory.remember(past(1, outOfMemory(1), "web", "memory_limit_reached"));
    const auto sure = analysis::HistoryAnalyst(memory).analyse(caseOf(outOfMemory(5))).front().confidence;
    memory.remember(past(2, outOfMemory(2), "web", "bad_deployment"));
    const auto claims = analysis::HistoryAnalyst(memory).analyse(caseOf(outOfMemory(5)));
    QCOMPARE(claims.size(), size_t(2));
    for (const auto& claim : claims)
      QVERIFY(claim.confidence < sure && std::abs(claim.confidence - 0.5) < 0.05);
  }

  void aServiceThatIsNotPartOfItIsNotBlamed() {
    knowledge::IncidentMemory memory;
    memory.remember(past(1, outOfMemory(1), "elsewhere", "memory_limit_reached"));
    QVERIFY(analysis::HistoryAnalyst(memory).analyse(caseOf(outOfMemory(5))).empty());
  }
};

QTEST_GUILESS_MAIN(TestMemory)
#include "tst_knowledge_memory.moc"
