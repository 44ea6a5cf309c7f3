// What callers of the store rely on, over one database that is closed and opened again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <atomic>
#include <set>
#include <thread>

#include "samples.h"

using namespace aiops;
using namespace samples;
using model::OutcomeResult;
using storage::IngestBatch;
using storage::Store;

class TestStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    reopen();
  }
  void cleanup() {
    m_store.reset();
    m_dir.reset();
  }

  void ingestIsKeptOnceWithItsPosition() {
    IngestBatch batch;
    batch.events = {makeEvent("e1"), makeEvent("e2", 1'800'000'001)};
    batch.positions = {position("/var/log/web.log", 120)};
    batch.detectorStates = {{"lane-0", std::string("\0\xff{", 3)}};
    REQUIRE_OK(m_store->commitIngest(batch));
    batch.positions = {position("/var/log/web.log", 240)};
    REQUIRE_OK(m_store->commitIngest(batch));  // the same events again
    reopen();

    const auto events = m_store->unassignedEvents();
    REQUIRE_OK(events);
    QCOMPARE(events->size(), size_t{2});
    QCOMPARE(events->front().id.str(), std::string("e1"));
    QCOMPARE(events->front().evidence.front().position.offset, uint64_t{100});
    const auto positions = m_store->positions();
    REQUIRE_OK(positions);
    QCOMPARE(positions->size(), size_t{1});
    QCOMPARE(positions->front().offset, uint64_t{240});
    QCOMPARE(*m_store->detectorState("lane-0"), std::string("\0\xff{", 3));
    QCOMPARE(*m_store->detectorState("lane-1"), std::string());
  }

  void bytesThatAreNotUtf8SurviveExactly() {
    const std::string hostile("caf\xe9 \x1b[31m\0 \xf0\x9f\x92", 16);
    IngestBatch batch;
    batch.events = {makeEvent("e1")};
    batch.events[0].evidence[0].text = hostile;
    batch.events[0].captures["user"] = hostile;
    batch.positions = {position("/var/log/" + hostile + "\n.log", 1)};
    REQUIRE_OK(m_store->commitIngest(batch));
    reopen();
    const auto events = m_store->unassignedEvents();
    REQUIRE_OK(events);
    QVERIFY(events->at(0).evidence[0].text == hostile);
    QVERIFY(events->at(0).captures.at("user") == hostile);
    QVERIFY(m_store->positions()->at(0).source == "/var/log/" + hostile + "\n.log");
  }

  void eventsFindTheirIncident() {
    IngestBatch batch;
    batch.events = {makeEvent("e1", 100), makeEvent("e2", 50), makeEvent("e3", 60)};
    REQUIRE_OK(m_store->commitIngest(batch));
    REQUIRE_ERROR(m_store->assignEvents(model::IncidentId("none"), {model::EventId("e1")}), NotFound);
    REQUIRE_OK(m_store->saveIncident(incident("i1")));
    REQUIRE_ERROR(
        m_store->assignEvents(model::IncidentId("i1"), {model::EventId("e1"), model::EventId("no")}),
        NotFound);
    QCOMPARE(m_store->unassignedEvents()->size(), size_t{3});  // the failed call changed nothing
    REQUIRE_OK(m_store->assignEvents(model::IncidentId("i1"), {model::EventId("e1"), model::EventId("e2")}));
    const auto assigned = m_store->eventsOf(model::IncidentId("i1"));
    QCOMPARE(assigned->size(), size_t{2});
    QCOMPARE(assigned->front().id.str(), std::string("e2"));
    const auto open = m_store->unassignedEvents();
    QCOMPARE(open->size(), size_t{1});
    QCOMPARE(open->front().id.str(), std::string("e3"));
    QCOMPARE(m_store->unassignedEvents(at(61))->size(), size_t{0});
  }

  void numbersGrowAndStay() {
    REQUIRE_OK(m_store->saveIncident(incident("i1")));
    auto second = incident("i2");
    second.number = 77;  // the store gives the number
    QCOMPARE(m_store->saveIncident(second)->number, uint64_t{2});
    auto first = *m_store->incident("INC-0001");
    QCOMPARE(first.id.str(), std::string("i1"));
    first.state = model::IncidentState::Resolved;
    QCOMPARE(m_store->saveIncident(first)->number, uint64_t{1});
    reopen();
    QVERIFY(m_store->incident("1")->state == model::IncidentState::Resolved);
    QCOMPARE(m_store->incident("i1")->number, uint64_t{1});
    REQUIRE_ERROR(m_store->incident("INC-0003"), NotFound);
    REQUIRE_ERROR(m_store->incident("nope"), NotFound);
    REQUIRE_ERROR(m_store->saveIncident(model::Incident()), InvalidInput);
    const auto open = m_store->incidents({.openOnly = true});
    QCOMPARE(open->total, uint64_t{1});
    QCOMPARE(open->items.at(0).id.str(), std::string("i2"));
  }

  void pagesCoverEverythingOnce() {
    for (int i = 1; i <= 25; ++i) REQUIRE_OK(m_store->saveIncident(incident("i" + std::to_string(i))));
    std::vector<uint64_t> seen;
    storage::PageQuery query{.limit = 10};
    for (int pages = 0; pages < 5; ++pages) {
      const auto page = m_store->incidents(query);
      REQUIRE_OK(page);
      QCOMPARE(page->total, uint64_t{25});
      for (const auto& item : page->items) seen.push_back(item.number);
      if (!page->next) break;
      query.before = page->next;
    }
    QCOMPARE(seen.size(), size_t{25});
    for (size_t i = 0; i < seen.size(); ++i) QCOMPARE(seen[i], uint64_t{25} - i);
  }

  void diagnosisTimelineAndFixesBelongToTheIncident() {
    REQUIRE_ERROR(m_store->saveFix(fix("f1", "i1", "h1")), NotFound);
    REQUIRE_ERROR(m_store->appendTimeline(model::IncidentId("i1"), {at(1), "opened", "web", "text"}),
                  NotFound);
    REQUIRE_OK(m_store->saveIncident(incident("i1")));
    REQUIRE_ERROR(m_store->diagnosis(model::IncidentId("i1")), NotFound);
    model::Diagnosis diagnosis;
    diagnosis.incident = model::IncidentId("i1");
    diagnosis.verdict = model::Verdict::Likely;
    REQUIRE_OK(m_store->saveDiagnosis(diagnosis));
    diagnosis.verdict = model::Verdict::Confirmed;
    REQUIRE_OK(m_store->saveDiagnosis(diagnosis));
    QVERIFY(m_store->diagnosis(model::IncidentId("i1"))->verdict == model::Verdict::Confirmed);

    for (const char* kind : {"opened", "diagnosed", "proposed"}) {
      REQUIRE_OK(m_store->appendTimeline(model::IncidentId("i1"), {at(1), kind, "web", "text"}));
    }
    const auto timeline = m_store->timeline(model::IncidentId("i1"));
    QCOMPARE(timeline->size(), size_t{3});
    QCOMPARE(timeline->at(2).kind, std::string("proposed"));

    QCOMPARE(m_store->saveFix(fix("f1", "i1", "h1"))->number, uint64_t{1});
    REQUIRE_OK(m_store->saveFix(fix("f2", "i1", "h1")));
    const auto stored = m_store->fix("FIX-0001");
    REQUIRE_OK(stored);
    QVERIFY(stored->plan.steps[0].edit->before == std::string("a\0\xff\n", 4));
    QCOMPARE(m_store->fixByPlanHash("h1")->id.str(), std::string("f2"));
    QCOMPARE(m_store->fixesOf(model::IncidentId("i1"))->size(), size_t{2});
    QCOMPARE(m_store->fixes({.limit = 1})->next.value_or(0), uint64_t{2});
  }

  void outcomesCountOnce() {
    REQUIRE_ERROR(m_store->saveOutcome(outcome("f1", OutcomeResult::Worked)), NotFound);
    REQUIRE_OK(m_store->saveIncident(incident("i1")));
    auto proposal = fix("f1", "i1", "h1");
    REQUIRE_OK(m_store->saveFix(proposal));
    REQUIRE_OK(m_store->saveFix(fix("f2", "i1", "h2")));
    QCOMPARE(m_store->counters()->pendingFixes, uint64_t{2});

    const auto first = m_store->saveOutcome(outcome("f1", OutcomeResult::Worked));
    REQUIRE_OK(first);
    const auto again = m_store->saveOutcome(outcome("f1", OutcomeResult::Failed));
    REQUIRE_OK(again);
    QCOMPARE(again->id.str(), first->id.str());
    QVERIFY(again->result == OutcomeResult::Worked);
    REQUIRE_OK(m_store->saveOutcome(outcome("f2", OutcomeResult::Undone)));
    proposal.state = model::FixState::Succeeded;
    REQUIRE_OK(m_store->saveFix(proposal));
    reopen();
    const auto counters = m_store->counters();
    QCOMPARE(counters->openIncidents, uint64_t{1});
    QCOMPARE(counters->pendingFixes, uint64_t{1});
    QCOMPARE(counters->outcomes, uint64_t{2});
    QCOMPARE(counters->worked, uint64_t{1});
    QCOMPARE(m_store->fixes({.openOnly = true})->total, uint64_t{1});
    QCOMPARE(m_store->outcomes()->items.at(0).fix.str(), std::string("f2"));
    QCOMPARE(m_store->outcomesOf("raise_limit", "web/memory_limit_reached")->size(), size_t{2});
    QCOMPARE(m_store->outcomesOf("raise_limit", "")->size(), size_t{2});
    QCOMPARE(m_store->outcomesOf("raise_limit", "front/other")->size(), size_t{0});
  }

  void keysAndAuditHead() {
    security::ApiKeyRecord key{"0a1b2c3d", "ci-bot", security::Scope::Approve, "hash", at(5), {}};
    REQUIRE_OK(m_store->saveApiKey(key));
    key.expiresAt = at(9);
    REQUIRE_OK(m_store->saveApiKey(key));
    QCOMPARE(m_store->apiKeys()->size(), size_t{1});
    QVERIFY(m_store->apiKey("0a1b2c3d")->scope == security::Scope::Approve);
    QVERIFY(m_store->apiKey("0a1b2c3d")->expiresAt == at(9));
    REQUIRE_ERROR(m_store->apiKey("ffffffff"), NotFound);

    QVERIFY(!m_store->auditHead()->has_value());
    REQUIRE_OK(m_store->noteAuditHead(4, "h4"));
    REQUIRE_OK(m_store->noteAuditHead(4, "h4"));
    REQUIRE_ERROR(m_store->noteAuditHead(3, "h3"), Conflict);
    REQUIRE_ERROR(m_store->noteAuditHead(4, "other"), Conflict);
    REQUIRE_OK(m_store->noteAuditHead(5, "h5"));
    reopen();
    QCOMPARE((*m_store->auditHead())->hash, std::string("h5"));
  }

  void lineCountsAddUpAndLeaveAfterADay() {
    IngestBatch batch;
    batch.lineCounts = {{"web", 1000, 5, 1}, {"web", 1001, 2, 0}, {"front", 1000, 3, 3}};
    REQUIRE_OK(m_store->commitIngest(batch));
    REQUIRE_OK(m_store->commitIngest(batch));
    const auto web = m_store->lineCounts({"web"}, at(1000), at(1001));
    QCOMPARE(web->size(), size_t{1});
    QCOMPARE(web->at(0).all, 10u);
    QCOMPARE(web->at(0).warnings, 2u);
    QCOMPARE(m_store->lineCounts({}, at(0), at(2000))->size(), size_t{3});
    QCOMPARE(m_store->lineCounts({"front", "none"}, at(0), at(2000))->size(), size_t{1});

    m_clock.set(m_clock.now() + std::chrono::hours(25));
    batch.lineCounts = {{"web", 90'000, 1, 0}};
    REQUIRE_OK(m_store->commitIngest(batch));
    const auto left = m_store->lineCounts({}, at(0), at(100'000));
    QCOMPARE(left->size(), size_t{1});
    QCOMPARE(left->at(0).second, int64_t{90'000});
  }

  void healthKeepsTheNewest() {
    IngestBatch batch;
    for (int i = 0; i < 230; ++i)
      batch.health.push_back({at(i), model::Severity::Warning, "source", "no", ""});
    REQUIRE_OK(m_store->commitIngest(batch));
    const auto health = m_store->healthEvents(1000);
    QCOMPARE(health->size(), size_t{200});
    QVERIFY(health->front().at == at(229));
    QCOMPARE(m_store->healthEvents(3)->size(), size_t{3});
  }

  void aTransactionIsWholeOrNothing() {
    const auto failed = m_store->transact([](storage::Writer& writer) -> base::Result<> {
      auto saved = writer.saveIncident(incident("i1"));
      if (!saved) return std::unexpected(saved.error());
      if (!writer.incident("i1")) return base::fail(base::ErrorCode::Internal, "own write not seen");
      return base::fail(base::ErrorCode::Stale, "changed my mind");
    });
    REQUIRE_ERROR(failed, Stale);
    REQUIRE_ERROR(m_store->incident("i1"), NotFound);
    REQUIRE_ERROR(
        m_store->transact([](storage::Writer&) -> base::Result<> { throw std::runtime_error("x"); }),
        Internal);
    REQUIRE_OK(m_store->saveIncident(incident("i1")));
  }

  void callingTheStoreFromItsCallbackIsRefusedNotADeadlock() {
    base::Result<model::Incident> inner = incident("x");
    REQUIRE_OK(m_store->transact([&](storage::Writer&) -> base::Result<> {
      inner = m_store->incident("i1");
      return {};
    }));
    REQUIRE_ERROR(inner, Internal);
  }

  void eightThreadsAtOnce() {
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 20; ++i) {
          const std::string id = std::to_string(t) + "-" + std::to_string(i);
          if (!m_store->saveIncident(incident(id))) ++failures;
          const auto read = m_store->incident(id);  // one's own commit is visible at once
          if (!read || read->id.str() != id) ++failures;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    QCOMPARE(failures.load(), 0);
    const auto all = m_store->incidents({.limit = 500});
    QCOMPARE(all->total, uint64_t{160});
    std::set<uint64_t> numbers;
    for (const auto& item : all->items) numbers.insert(item.number);
    QCOMPARE(numbers.size(), size_t{160});
    QCOMPARE(*numbers.rbegin(), uint64_t{160});
  }

 private:
  void reopen() {
    m_store.reset();
    auto opened = Store::open(fileIn(*m_dir), m_clock, {.ballastBytes = 64 << 10});
    REQUIRE_OK(opened);
    m_store = *std::move(opened);
  }

  FixedClock m_clock;
  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<Store> m_store;
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_storage_store.moc"
