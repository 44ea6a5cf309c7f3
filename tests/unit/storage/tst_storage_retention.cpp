// What is let go, and what never is.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "samples.h"
#include "storage/retention.h"

using namespace aiops;
using namespace std::chrono_literals;

class TestRetention : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  samples::FixedClock m_clock;
  std::unique_ptr<storage::Store> m_store;

  void runAll(storage::Retention& retention, base::TimePoint now) {
    int steps = 0;
    while (retention.step(now)) QVERIFY(++steps < 10000);
  }
  void incident(const std::string& id, model::IncidentState state, int events = 3) {
    auto incident = samples::incident(id);
    incident.state = state;
    QVERIFY(m_store->saveIncident(incident).has_value());
    storage::IngestBatch batch;
    std::vector<model::EventId> ids;
    for (int i = 0; i < events; ++i) {
      batch.events.push_back(samples::makeEvent(id + "-" + std::to_string(i)));
      ids.push_back(batch.events.back().id);
    }
    QVERIFY(m_store->commitIngest(batch).has_value());
    QVERIFY(m_store->assignEvents(incident.id, ids).has_value());
    model::Diagnosis diagnosis;
    diagnosis.incident = incident.id;
    QVERIFY(m_store->saveDiagnosis(diagnosis).has_value());
    QVERIFY(m_store->appendTimeline(incident.id, {m_clock.now(), "opened", "", "opened"}).has_value());
  }
  void fix(const std::string& id, const std::string& incident, model::FixState state) {
    auto fix = samples::fix(id, incident, "hash-" + id);
    fix.state = state;
    QVERIFY(m_store->saveFix(fix).has_value());
  }
  size_t eventsOf(const std::string& incident) {
    return m_store->eventsOf(model::IncidentId(incident)).value_or(std::vector<model::Event>{}).size();
  }
  std::vector<model::PatternCount> counts() {
    std::vector<model::PatternCount> out;
    (void)m_store->read([&](storage::Reader& reader) -> base::Result<> {
      out = reader.patternCounts().value_or(out);
      return {};
    });
    return out;
  }
  bool has(const std::string& incident) { return m_store->incident(incident).has_value(); }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_clock.set(samples::at(1'800'000'000));
    auto store = storage::Store::open(m_dir->path().toStdString() + "/db", m_clock, {.ballastBytes = 0});
    QVERIFY(store.has_value());
    m_store = *std::move(store);
  }
  void cleanup() { m_store.reset(); }

  void onlyOldAndFinishedRowsGo();
  void theSizeIsKeptAndTheFileShrinks();
  void aFullLimitThatCannotBeKeptIsSaid();
  void itRestsBetweenRuns();
  void oldDaysOfPatternsGoAndTheirTotalsStay();
  void theSizeLimitTakesNoDaysOfPatterns();
  void whatPatternsLedToOutlivesTheEvents();
};

void TestRetention::onlyOldAndFinishedRowsGo() {
  incident("closed", model::IncidentState::Resolved, 250);
  incident("open", model::IncidentState::Open);
  incident("acted", model::IncidentState::Resolved);
  fix("f-acted", "acted", model::FixState::Succeeded);
  model::Outcome outcome;
  outcome.id = model::OutcomeId("o1");
  outcome.fix = model::FixId("f-acted");
  outcome.incident = model::IncidentId("acted");
  outcome.playbookId = "p";
  outcome.context = "c";
  QVERIFY(m_store->saveOutcome(outcome).has_value());
  incident("pending", model::IncidentState::Resolved);
  fix("f-pending", "pending", model::FixState::Proposed);
  incident("rejected", model::IncidentState::Dismissed);
  fix("f-rejected", "rejected", model::FixState::Rejected);
  storage::IngestBatch loose;
  loose.events.push_back(samples::makeEvent("loose"));
  loose.health.push_back({m_clock.now(), model::Severity::Warning, "p", "old", ""});
  QVERIFY(m_store->commitIngest(loose).has_value());

  m_clock.set(samples::at(1'800'000'000) + std::chrono::days(89));
  incident("newest", model::IncidentState::Resolved);
  fix("f-newest", "newest", model::FixState::Rejected);
  storage::Retention early(*m_store, {});
  runAll(early, m_clock.now());
  QCOMPARE(early.status().removed, uint64_t(0));

  m_clock.set(m_clock.now() + std::chrono::days(2));
  storage::Retention retention(*m_store, {});
  runAll(retention, m_clock.now());
  QVERIFY2(retention.status().problem.empty(), retention.status().problem.c_str());
  QVERIFY(!has("closed") && !has("rejected"));
  QVERIFY(has("open") && has("pending") && has("newest"));
  QCOMPARE(eventsOf("open"), size_t(3));
  QCOMPARE(eventsOf("pending"), size_t(3));
  QVERIFY(has("acted"));
  QCOMPARE(eventsOf("acted"), size_t(0));
  QVERIFY(m_store->outcomeOf(model::FixId("f-acted")).has_value());
  QVERIFY(m_store->fix("f-acted").has_value());
  QVERIFY(!m_store->fix("f-rejected").has_value());
  QVERIFY(m_store->unassignedEvents()->empty());
  QVERIFY(m_store->healthEvents()->empty());
  QVERIFY(retention.status().removed > 250);
  runAll(retention, m_clock.now() + 2h);
  QVERIFY(has("newest"));
  // Numbers are never given twice.
  const auto newest = m_store->incident("newest")->number;
  m_clock.set(m_clock.now() + std::chrono::days(365));
  runAll(retention, m_clock.now());
  incident("later", model::IncidentState::Open);
  QCOMPARE(m_store->incident("later")->number, newest + 1);
}

void TestRetention::theSizeIsKeptAndTheFileShrinks() {
  for (int i = 0; i < 300; ++i) incident("i" + std::to_string(i), model::IncidentState::Resolved, 40);
  const auto before = m_store->usage();
  QVERIFY(before.has_value());
  const uint64_t used = (before->pages - before->freePages) * before->pageBytes;
  m_clock.set(m_clock.now() + 3h);
  storage::Retention retention(*m_store, {.maxBytes = used / 2});
  runAll(retention, m_clock.now());
  QVERIFY2(retention.status().problem.empty(), retention.status().problem.c_str());
  QVERIFY(retention.status().usedBytes <= used / 2);
  QVERIFY(!has("i0") && has("i299"));
  const auto after = m_store->usage();
  QCOMPARE(after->freePages, uint64_t(0));
  QVERIFY(after->pages < before->pages * 2 / 3);
}

void TestRetention::aFullLimitThatCannotBeKeptIsSaid() {
  for (int i = 0; i < 20; ++i) incident("i" + std::to_string(i), model::IncidentState::Open);
  m_clock.set(m_clock.now() + 3h);
  storage::Retention retention(*m_store, {.maxBytes = 1000});
  runAll(retention, m_clock.now());
  QVERIFY(retention.status().problem.find("larger than its limit") != std::string::npos);
  QVERIFY(has("i0") && has("i19"));
}

void TestRetention::itRestsBetweenRuns() {
  storage::Retention retention(*m_store, {});
  runAll(retention, m_clock.now());
  const auto first = retention.status().lastRun;
  QVERIFY(!retention.step(m_clock.now() + 59min));
  QCOMPARE(retention.status().lastRun.value(), first.value());
  runAll(retention, m_clock.now() + 61min);
  QVERIFY(retention.status().lastRun.value() > first.value());
}

void TestRetention::oldDaysOfPatternsGoAndTheirTotalsStay() {
  const auto today = std::chrono::floor<std::chrono::days>(m_clock.now()).time_since_epoch().count();
  storage::IngestBatch batch;
  for (int64_t day = today - 99; day <= today; ++day) {
    for (const char* pattern : {"a", "b"}) {
      if (*pattern == 'b' && day > today - 95) continue;  // nothing of it since
      const base::TimePoint last{std::chrono::days(day) + 3h};
      batch.patternCounts.push_back({pattern, day, 2, 1, last});
    }
  }
  QVERIFY(m_store->commitIngest(batch).has_value());
  storage::Retention retention(*m_store, {.rowsAtOnce = 3});
  size_t before = counts().size();
  for (bool more = true; more;) {
    more = retention.step(m_clock.now());
    const auto now = counts().size();
    QVERIFY2(before - now <= 3, "ingest waits for no more than that");
    before = now;
  }
  QVERIFY2(retention.status().problem.empty(), retention.status().problem.c_str());

  const auto left = counts();
  uint64_t matches = 0, events = 0;
  for (const auto& count : left) {
    if (count.pattern != "a") continue;
    QVERIFY(count.day == 0 || count.day >= today - 90);
    matches += count.matches;
    events += count.events;
  }
  QCOMPARE(left.size(), size_t(91 + 1 + 1));
  QCOMPARE(matches, uint64_t(200));
  QCOMPARE(events, uint64_t(100));
  QCOMPARE(left.back().pattern, std::string("b"));  // its last match is still known
  QCOMPARE(left.back().matches, uint64_t(10));
  QCOMPARE(left.back().last, base::TimePoint(std::chrono::days(today - 95) + 3h));

  m_clock.set(m_clock.now() + std::chrono::days(1));  // the next day adds to the sum that is there
  runAll(retention, m_clock.now());
  QCOMPARE(counts().size(), left.size() - 1);
}

void TestRetention::theSizeLimitTakesNoDaysOfPatterns() {
  const auto today = std::chrono::floor<std::chrono::days>(m_clock.now()).time_since_epoch().count();
  storage::IngestBatch batch;
  for (int64_t day = today - 20; day <= today; ++day) batch.patternCounts.push_back({"a", day, 2, 1, {}});
  QVERIFY(m_store->commitIngest(batch).has_value());
  m_clock.set(m_clock.now() + 3h);
  storage::Retention retention(*m_store, {.maxBytes = 1000});
  runAll(retention, m_clock.now());
  QCOMPARE(counts().size(), size_t(21));
}

void TestRetention::whatPatternsLedToOutlivesTheEvents() {
  incident("acted", model::IncidentState::Resolved);
  fix("f-acted", "acted", model::FixState::Succeeded);
  QVERIFY(m_store->saveOutcome(samples::outcome("f-acted", model::OutcomeResult::Worked)).has_value());
  incident("closed", model::IncidentState::Resolved);
  m_clock.set(m_clock.now() + std::chrono::days(91));
  incident("newest", model::IncidentState::Open);
  fix("f-newest", "newest", model::FixState::Rejected);
  storage::Retention retention(*m_store, {});
  runAll(retention, m_clock.now());
  QVERIFY2(retention.status().problem.empty(), retention.status().problem.c_str());
  QVERIFY(!has("closed"));
  QCOMPARE(eventsOf("acted"), size_t(0));
  base::Result<std::vector<storage::PatternResult>> results;
  QVERIFY(m_store
              ->read([&](storage::Reader& reader) -> base::Result<> {
                results = reader.patternResults();
                return {};
              })
              .has_value());
  QCOMPARE(results->size(), size_t(1));
  QCOMPARE(results->front().pattern, std::string("oom"));
  QCOMPARE(results->front().resolved, uint64_t(1));
  QCOMPARE(results->front().fixesWorked, uint64_t(1));
}

QTEST_GUILESS_MAIN(TestRetention)
#include "tst_storage_retention.moc"
