// Patterns in layers: what stands over what, what is kept, what is said of what is broken.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <random>

#include "agents/pattern_library.h"

using namespace aiops;
namespace fs = std::filesystem;

namespace {

class FakeClock final : public base::Clock {
 public:
  base::TimePoint now() const override {
    return base::TimePoint(base::Duration(1'800'000'000'000'000) + m_past);
  }
  base::Duration sinceBoot() const override { return m_past; }
  void advance(base::Duration by) { m_past += by; }

 private:
  base::Duration m_past{0};
};

class Reports final : public agents::HealthSink {
 public:
  void report(model::Severity, const std::string&, const std::string& what, const std::string&) override {
    texts.push_back(what);
  }
  std::vector<std::string> texts;
};

base::TimePoint at(int64_t second) {
  return base::TimePoint(std::chrono::seconds(1'800'000'000 + second));
}

std::string document(const std::string& id, const std::string& match = "abc", const std::string& more = "") {
  return "id: " + id + "\nsignal: x\nmatch: '" + match + "'\n" + more;
}

void writeFile(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

model::LogLine line(const std::string& text, const std::string& service = "web") {
  model::LogLine out;
  out.text = text;
  out.service = service;
  return out;
}

}  // namespace

class TestPatternLibrary : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  FakeClock m_clock;
  Reports m_reports;
  std::unique_ptr<storage::Store> m_store;
  std::unique_ptr<agents::PatternLibrary> m_library;
  size_t m_used = 0;

  fs::path path(const std::string& name) const { return fs::path(m_dir->path().toStdString()) / name; }

  void start() {
    m_library.reset();
    m_store.reset();
    auto store = storage::Store::open(path("db"), m_clock, {.ballastBytes = 0});
    QVERIFY2(store.has_value(), store ? "" : store.error().line().c_str());
    m_store = *std::move(store);
    m_library = std::make_unique<agents::PatternLibrary>(
        agents::PatternLibrary::Parts{
            *m_store, path("shipped"), {path("own")}, [this](const auto&) { ++m_used; }},
        m_clock, m_reports);
    QVERIFY(m_library->load().has_value());
  }

  /// An incident in which events of these patterns took part.
  void incident(const std::string& id, model::IncidentState state, const std::vector<std::string>& patterns,
                bool falsePositive = false) {
    model::Incident incident;
    incident.id = model::IncidentId(id);
    incident.state = state;
    incident.falsePositive = falsePositive;
    QVERIFY(m_store->saveIncident(incident).has_value());
    storage::IngestBatch batch;
    std::vector<model::EventId> events;
    for (const auto& pattern : patterns) {
      model::Event event;
      event.id = model::EventId(id + "-" + std::to_string(events.size()));
      event.patternId = pattern;
      events.push_back(event.id);
      batch.events.push_back(std::move(event));
    }
    QVERIFY(m_store->commitIngest(batch).has_value());
    QVERIFY(m_store->assignEvents(incident.id, events).has_value());
  }
  void outcome(const std::string& fixId, const std::string& incident, model::OutcomeResult result) {
    model::FixProposal fix;
    fix.id = model::FixId(fixId);
    fix.incident = model::IncidentId(incident);
    fix.state = model::FixState::Succeeded;
    QVERIFY(m_store->saveFix(fix).has_value());
    model::Outcome outcome;
    outcome.id = model::OutcomeId(fixId);
    outcome.fix = fix.id;
    outcome.incident = fix.incident;
    outcome.result = result;
    QVERIFY(m_store->saveOutcome(outcome).has_value());
  }

  model::PatternInfo info(const std::string& id) {
    auto found = m_library->detail(id);
    return found ? found->info : model::PatternInfo{};
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_reports.texts.clear();
    m_used = 0;
    writeFile(path("shipped/web.yaml"), "- {id: a, signal: x, match: abc}\n- {id: b, signal: y, match: b}\n");
    start();
  }
  void cleanup() {
    m_library.reset();
    m_store.reset();
  }

  void whatIsBrokenIsNotSaved_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("YAML") << "id: ["
                          << "YAML";
    QTest::newRow("type") << "id: c\nsignal: x\nmatch: a\ntype: magic\n"
                          << "the types are: regex";
    QTest::newRow("hostile") << "id: c\nsignal: x\nmatch: '((a{100}){100}){100}'\n"
                             << "match";
    QTest::newRow("two") << "- {id: c, signal: x, match: a}\n- {id: d, signal: x, match: a}\n"
                         << "one pattern";
    QTest::newRow("none") << ""
                          << "no pattern";
    QTest::newRow("empty list") << "[]"
                                << "no pattern";
  }
  void whatIsBrokenIsNotSaved() {
    QFETCH(QString, text);
    QFETCH(QString, reason);
    const auto before = m_used;
    const auto saved = m_library->save("bob", text.toStdString());
    QVERIFY(!saved);
    QVERIFY(saved.error().code == base::ErrorCode::InvalidInput);
    QVERIFY2(QString::fromStdString(saved.error().what).contains(reason), saved.error().what.c_str());
    QCOMPARE(m_used, before);
    QCOMPARE(m_library->list()->size(), size_t(2));
    const auto preview = agents::previewPattern(text.toStdString(), {line("abc")});
    QVERIFY(!preview.problem.empty());
  }

  void whatWasNotWrittenIsNotRemoved() {
    QVERIFY(m_library->remove("bob", "none").error().code == base::ErrorCode::NotFound);
    QVERIFY(m_library->remove("bob", "a").error().code == base::ErrorCode::Conflict);
    QVERIFY(m_library->enable("none", false).error().code == base::ErrorCode::NotFound);
  }

  void anEditStandsOverTheShippedOneAndIsTakenBack() {
    const auto saved = m_library->save("bob", document("a", "xyz"));
    QVERIFY(saved.has_value());
    QVERIFY(saved->info.origin == model::PatternOrigin::Edited);
    QVERIFY(saved->info.shadowsShipped);
    QCOMPARE(saved->info.version, 2u);
    QCOMPARE(saved->info.group, std::string("web"));
    QCOMPARE(saved->text, document("a", "xyz"));
    QCOMPARE(m_library->inForce()->find("a")->select.match, std::string("xyz"));
    QVERIFY(m_library->save("eve", document("a", "q")).has_value());
    QCOMPARE(*m_library->remove("bob", "a"), std::string("shipped"));
    QCOMPARE(m_library->inForce()->find("a")->select.match, std::string("abc"));
    const auto detail = m_library->detail("a");
    QCOMPARE(detail->info.version, 4u);
    QCOMPARE(detail->versions.size(), size_t(3));  // newest first: the removal, eve's, bob's
    QCOMPARE(detail->versions[1].by, std::string("eve"));
  }

  void anAddedOneGoesAgain() {
    QCOMPARE(m_library->save("bob", document("new"))->info.version, 1u);
    QCOMPARE(*m_library->remove("bob", "new"), std::string("gone"));
    QVERIFY(!m_library->detail("new"));
    QVERIFY(m_library->inForce()->find("new") == nullptr);
  }

  void aRestartKeepsWhatWasWrittenAndSwitched() {
    QVERIFY(m_library->save("bob", document("a", "xyz")).has_value());
    QVERIFY(!m_library->enable("b", false)->enabled);
    start();
    QCOMPARE(m_library->inForce()->find("a")->select.match, std::string("xyz"));
    QVERIFY(!m_library->inForce()->find("b")->enabled);
    QVERIFY(m_library->enable("b", true)->enabled);
    start();
    QVERIFY(info("b").enabled);
  }

  void theOperatorsFolderIsReadAgainWhenItChanges() {
    writeFile(path("own/mine.yaml"), document("a", "mine") + "\n");
    m_library->lookForChanges();
    QVERIFY(info("a").origin == model::PatternOrigin::Operator);
    QCOMPARE(m_library->inForce()->find("a")->select.match, std::string("mine"));
    writeFile(path("own/mine.yaml"), document("a", "(mine"));
    writeFile(path("own/other.yaml"), document("c"));
    m_library->lookForChanges();  // too soon
    QVERIFY(m_library->inForce()->find("c") == nullptr);
    m_clock.advance(std::chrono::seconds(4));
    m_library->lookForChanges();
    QVERIFY(m_library->inForce()->find("c") != nullptr);
    QCOMPARE(m_library->inForce()->find("a")->select.match,
             std::string("abc"));  // the broken one leaves the shipped
    QCOMPARE(m_reports.texts.size(), size_t(1));
    QVERIFY(m_reports.texts[0].find("mine.yaml:1") != std::string::npos);
    fs::remove_all(path("own"));
    m_clock.advance(std::chrono::seconds(4));
    m_library->lookForChanges();
    QCOMPARE(m_library->list()->size(), size_t(2));
    const auto used = m_used;
    m_clock.advance(std::chrono::seconds(4));
    m_library->lookForChanges();
    QCOMPARE(m_used, used);  // nothing changed
  }

  void whatWasFoundIsCounted() {
    const auto day = int64_t{1'800'000'000} / 86400;
    storage::IngestBatch batch;
    batch.patternCounts = {{"a", day, 3, 1, m_clock.now()}, {"a", day - 1, 2, 0, base::TimePoint()}};
    QVERIFY(m_store->commitIngest(batch).has_value());
    QVERIFY(m_store->commitIngest(batch).has_value());
    const auto found = info("a");
    QCOMPARE(found.matchCount, uint64_t(10));
    QCOMPARE(found.eventCount, uint64_t(2));
    QCOMPARE(*found.lastMatchAt, m_clock.now());
    QCOMPARE(found.matchesPerDay.size(), size_t(30));
    QCOMPARE(found.matchesPerDay[29], 6u);
    QCOMPARE(found.matchesPerDay[28], 4u);
    QVERIFY(!info("b").lastMatchAt);
  }

  /// A figure without a case is absent, never 0 or 1.
  void withoutCasesThereIsNoRate() {
    QVERIFY(!info("a").successRate && !info("a").falsePositiveRate);
    incident("open", model::IncidentState::Investigating, {"a"});
    incident("undone", model::IncidentState::Failed, {"a"});   // still open
    incident("gone", model::IncidentState::Dismissed, {"a"});  // by the program: says nothing
    incident("other", model::IncidentState::Resolved, {"b", "not-there"});
    QVERIFY(!info("a").successRate && !info("a").falsePositiveRate);
    QVERIFY(!info("b").successRate);
    QCOMPARE(info("b").falsePositiveRate.value(), 0.0);
  }

  void theRatesAreThoseOfItsIncidents() {
    using model::OutcomeResult;
    incident("i1", model::IncidentState::Resolved, {"a", "a", "b"});  // counts once for each
    outcome("f1", "i1", OutcomeResult::Undone);
    outcome("f2", "i1", OutcomeResult::Worked);
    incident("i2", model::IncidentState::Failed, {"a"});
    outcome("f3", "i2", OutcomeResult::Failed);
    incident("i3", model::IncidentState::Dismissed, {"a"}, true);
    incident("i4", model::IncidentState::Resolved, {"a"});
    incident("i5", model::IncidentState::Resolved, {"a"});
    incident("i6", model::IncidentState::Dismissed, {"b"}, true);
    const auto all = m_library->list();
    QCOMPARE(all->size(), size_t(2));
    QCOMPARE(all->front().successRate.value(), 1.0 / 3);
    QCOMPARE(all->front().falsePositiveRate.value(), 1.0 / 4);
    QCOMPARE(all->back().successRate.value(), 1.0 / 2);
    QCOMPARE(all->back().falsePositiveRate.value(), 1.0 / 2);
    QCOMPARE(info("a").successRate, all->front().successRate);
  }

  /// A busy machine does not make a pattern slow.
  void aPreviewCountsTheProcessorsTime() {
    const std::vector<model::LogLine> lines(5, line("abc"));
    std::vector<std::chrono::nanoseconds> readings{std::chrono::microseconds(1600),
                                                   std::chrono::microseconds(600)};
    const auto cpuTime = [&] {
      const auto reading = readings.back();
      readings.pop_back();
      return reading;
    };
    QCOMPARE(agents::previewPattern(document("p"), lines, cpuTime).microsecondsPerLine, 200.0);
    QCOMPARE(agents::previewPattern(document("p"), {}).microsecondsPerLine, 0.0);
  }

  void aPreviewCountsDifferentValues() {
    const auto text = document("p", "failed for (?P<user>\\w+) from (?P<peer>\\w+)",
                               "group_by: peer\nthreshold: {count: 3, window_seconds: 60, distinct: user}\n");
    std::vector<model::LogLine> lines;
    for (const char* user : {"a", "a", "a", "b"}) {
      lines.push_back(line("failed for " + std::string(user) + " from x", "web"));
      lines.back().time = at(static_cast<int64_t>(lines.size()));
    }
    auto preview = agents::previewPattern(text, lines);
    QCOMPARE(preview.wouldFire, uint64_t(0));
    QCOMPARE(preview.nearMisses.size(), size_t(1));
    QCOMPARE(preview.nearMisses[0].why,
             std::string("2 of 3 different values of user within 60 s for peer 'x'"));
    lines.push_back(line("failed for c from x", "web"));
    lines.back().time = at(6);
    preview = agents::previewPattern(text, lines);
    QCOMPARE(preview.wouldFire, uint64_t(1));
    QVERIFY(preview.nearMisses.empty());
  }

  void aPreviewSaysHowNearTheThresholdWas() {
    const auto text = document("p", "failed for (?P<user>\\w+)",
                               "group_by: user\nthreshold: {count: 3, window_seconds: 60}\n");
    std::vector<model::LogLine> lines;
    const auto add = [&](int64_t second, const std::string& user, const std::string& service = "web") {
      lines.push_back(line("failed for " + user, service));
      lines.back().time = at(second);
    };
    for (const int64_t second : {0, 1, 2}) add(second, "eve");      // fires
    for (const int64_t second : {10, 69, 129}) add(second, "bob");  // 60 s are not within 60 s
    add(130, "bob", "db");                                          // counts by itself
    const auto preview = agents::previewPattern(text, lines);
    QCOMPARE(preview.linesMatched, uint64_t(7));
    QCOMPARE(preview.wouldFire, uint64_t(1));
    QCOMPARE(preview.nearMisses.size(), size_t(2));
    QCOMPARE(preview.nearMisses[0].why, std::string("2 of 3 within 60 s for user 'bob'"));
    QCOMPARE(preview.nearMisses[0].time, at(69));
    QCOMPARE(preview.nearMisses[0].spans.back().name, std::string("user"));
    QCOMPARE(preview.nearMisses[1].why, std::string("1 of 3 within 60 s for user 'bob'"));
    QCOMPARE(preview.nearMisses[1].service, std::string("db"));
  }

  /// Whatever the lines are, a near threshold is told exactly where the detector fired nothing.
  void aThresholdIsMissedExactlyWhereNothingFires() {
    const auto text = document("p", "abc", "threshold: {count: 4, window_seconds: 10}\n");
    std::mt19937 random(20261122);
    int fired = 0;
    for (int round = 0; round < 300; ++round) {
      std::vector<model::LogLine> lines;
      int64_t now = 0;
      for (int i = 0; i < 8; ++i) {
        now += static_cast<int64_t>(random() % 9);
        lines.push_back(line("abc"));
        lines.back().time = at(now - static_cast<int64_t>(random() % 9));  // some come too late to count
      }
      const auto preview = agents::previewPattern(text, lines);
      QCOMPARE(preview.nearMisses.empty(), preview.wouldFire > 0);
      fired += preview.wouldFire > 0 ? 1 : 0;
    }
    QVERIFY(fired > 30 && fired < 270);
  }

  void theNearestThresholdsComeFirstAndAreFew() {
    const auto text = document("p", "(?P<user>u\\d+)",
                               "group_by: user\nexclude: test\nthreshold: {count: 9, window_seconds: 60}\n");
    std::vector<model::LogLine> lines{line("u1 test")};
    for (int user = 1; user <= 8; ++user) {
      for (int i = 0; i < user; ++i) lines.push_back(line("u" + std::to_string(user)));
    }
    const auto preview = agents::previewPattern(text, lines);
    QCOMPARE(preview.nearMisses.size(), size_t(6));
    QCOMPARE(preview.nearMisses.front().why, std::string("8 of 9 within 60 s for user 'u8'"));
    QCOMPARE(preview.nearMisses[4].why, std::string("4 of 9 within 60 s for user 'u4'"));
    QVERIFY(preview.nearMisses.back().why.find("exclude") != std::string::npos);
  }

  void aPreviewSaysWhatMatchesAndWhatAlmostDoes() {
    const auto text = document("p", "user (?P<user>\\w+)",
                               "service: web\nlevel_at_least: error\nexclude: test\n"
                               "samples: {match: ['nothing here']}\n");
    auto error = line("2026-11-22 20:35:23 ERROR user bob");
    error.severity = model::Severity::Error;
    auto excluded = line("2026-11-22 20:35:23 ERROR user test");
    excluded.severity = model::Severity::Error;
    const auto preview = agents::previewPattern(
        text, {line("nothing"), error, excluded, line("user low"), line("user other", "db")});
    QVERIFY2(preview.problem.empty(), preview.problem.c_str());
    QCOMPARE(preview.linesLookedAt, uint64_t(5));
    QCOMPARE(preview.linesMatched, uint64_t(1));
    QCOMPARE(preview.wouldFire, uint64_t(1));
    QCOMPARE(preview.hits.size(), size_t(1));
    QCOMPARE(preview.hits[0].spans.size(), size_t(2));
    QCOMPARE(preview.hits[0].spans[1].name, std::string("user"));
    QCOMPARE(preview.hits[0].text.substr(preview.hits[0].spans[1].start, preview.hits[0].spans[1].length),
             std::string("bob"));
    QCOMPARE(preview.nearMisses.size(), size_t(3));
    QVERIFY(preview.nearMisses[0].why.find("service") != std::string::npos);
    QVERIFY(preview.nearMisses[1].why.find("level") != std::string::npos);
    QVERIFY(preview.nearMisses[2].why.find("exclude") != std::string::npos);
    QCOMPARE(preview.sampleProblems.size(), size_t(1));
  }
};

QTEST_GUILESS_MAIN(TestPatternLibrary)
#include "tst_pattern_library.moc"
