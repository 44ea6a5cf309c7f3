// A lane on real files: every line exactly once over rotations and crashes, windows survive, failures are
// visible. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <fstream>
#include <map>
#include <random>

#include "base/mutex.h"
#include "pipeline/lane.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

/// What a database would keep. Refuses commits while told to.
class MemorySink : public pipeline::LaneSink {
 public:
  base::Result<> commit(const pipeline::LaneOutput& output) override {
    base::MutexLock lock(m_mutex);
    if (m_refuse) {
      ++m_refused;
      return base::fail(base::ErrorCode::Io, "disk full");
    }
    for (const auto& position : output.positions) m_positions[position.source] = position;
    if (!output.detectorState.empty()) m_state = output.detectorState;
    for (const auto& line : output.lines) m_lines.push_back(line.text);
    m_events.insert(m_events.end(), output.events.begin(), output.events.end());
    m_health.insert(m_health.end(), output.health.begin(), output.health.end());
    for (const auto& count : output.counts) m_counted += count.all;
    return {};
  }
  void refuse(bool refuse) {
    base::MutexLock lock(m_mutex);
    m_refuse = refuse;
  }
  std::vector<model::SourcePosition> positions() const {
    base::MutexLock lock(m_mutex);
    std::vector<model::SourcePosition> all;
    for (const auto& [source, position] : m_positions) all.push_back(position);
    return all;
  }
  template <class Part>
  auto get(Part MemorySink::* part) const {
    base::MutexLock lock(m_mutex);
    return this->*part;
  }
  auto lines() const { return get(&MemorySink::m_lines); }
  auto events() const { return get(&MemorySink::m_events); }
  auto health() const { return get(&MemorySink::m_health); }
  auto state() const { return get(&MemorySink::m_state); }
  auto refused() const { return get(&MemorySink::m_refused); }
  auto counted() const { return get(&MemorySink::m_counted); }

 private:
  mutable base::Mutex m_mutex;
  bool m_refuse = false;
  int m_refused = 0;
  uint64_t m_counted = 0;
  std::map<std::string, model::SourcePosition> m_positions;
  std::string m_state;
  std::vector<std::string> m_lines;
  std::vector<model::Event> m_events;
  std::vector<model::HealthEvent> m_health;
};

std::shared_ptr<const detection::PatternSet> patterns() {
  std::vector<detection::PatternProblem> problems;
  return detection::PatternSet::compile(
      detection::parsePatterns("- {id: boom, signal: x, match: 'boom (?P<n>\\d+)', threshold: {count: 5, "
                               "window_seconds: 60}, cooldown_seconds: 3600}\n",
                               "p", problems));
}

pipeline::LaneOptions quickOptions() {
  pipeline::LaneOptions options;
  options.tail.rotationGrace = 30ms;
  options.pollEvery = 50ms;
  options.batchPause = 1ms;
  options.retryFirst = 5ms;
  options.retryMost = 20ms;
  return options;
}

std::string numbered(int n) {
  return "2026-11-22 20:35:23." + std::to_string(100 + n % 900) + " INFO line " + std::to_string(n);
}

}  // namespace

class TestLane : public QObject {
  Q_OBJECT

 private:
  base::SystemClock m_clock;
  std::unique_ptr<QTemporaryDir> m_dir;
  std::string m_path;

  std::unique_ptr<pipeline::Lane> lane(MemorySink& sink, sources::StartAt at = sources::StartAt::Beginning) {
    auto made = std::make_unique<pipeline::Lane>(std::vector<pipeline::LaneSource>{{m_path, "svc", at}},
                                                 sink.positions(), sink.state(), patterns(), m_clock, sink,
                                                 quickOptions());
    if (!made->start()) return nullptr;
    return made;
  }
  void append(const std::string& text) { std::ofstream(m_path, std::ios::app) << text; }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_path = m_dir->path().toStdString() + "/app.log";
  }

  void everyLineOnceOverRotationsAndCrashes();
  void windowsSurviveARestart();
  void aFailingSinkStopsReadingAndLosesNothing();
  void startAtEndLeavesOldLinesOut();
  void anAbsentFileIsVisibleAndReadWhenItComes();
  void aPathIsWatchedOnce();
  void lastMatchTellsSingleMatches();
};

/// Crash: the sink refuses, so that the lane holds an output that is never stored, and the lane is dropped.
void TestLane::everyLineOnceOverRotationsAndCrashes() {
  std::mt19937 random(7);
  MemorySink sink;
  int written = 0, rotations = 0;
  auto running = lane(sink);
  QVERIFY(running);
  append(numbered(written++) + "\n");
  QTRY_VERIFY(!sink.positions().empty());  // a file that was rotated before it was ever seen is nobody's
  for (int round = 0; round < 40; ++round) {
    const int burst = static_cast<int>(random() % 60) + 1;
    std::string text;
    for (int i = 0; i < burst; ++i) text += numbered(written++) + "\n";
    const size_t cut = random() % text.size();
    append(text.substr(0, cut));
    if (random() % 4 == 0) QTest::qWait(5);
    append(text.substr(cut));
    if (random() % 3 == 0) {
      std::filesystem::rename(m_path, m_path + "." + std::to_string(++rotations));
      QTest::qWait(10);  // births of generations are told apart by the kernel's clock tick
    }
    if (random() % 3 == 0) {
      sink.refuse(true);
      QTest::qWait(static_cast<int>(random() % 20));
      running.reset();
      sink.refuse(false);
      running = lane(sink);
      QVERIFY(running);
    }
    QTest::qWait(static_cast<int>(random() % 10));
  }
  append(numbered(written++) + "\n");
  QTRY_COMPARE_WITH_TIMEOUT(sink.lines().size(), static_cast<size_t>(written), 8000);
  running.reset();
  std::vector<std::string> expected;
  for (int i = 0; i < written; ++i) expected.push_back(numbered(i));
  QCOMPARE(sink.lines(), expected);
  QCOMPARE(sink.counted(), static_cast<uint64_t>(written));
}

void TestLane::windowsSurviveARestart() {
  MemorySink sink;
  for (int i = 0; i < 5; ++i) {
    QVERIFY(sink.events().empty());
    append("2026-11-22 20:35:2" + std::to_string(i) + " ERROR boom " + std::to_string(i) + "\n");
    auto running = lane(sink);
    QTRY_COMPARE(sink.lines().size(), static_cast<size_t>(i) + 1);
  }
  const auto events = sink.events();
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events[0].count, uint64_t(5));
  QCOMPARE(events[0].evidence.size(), size_t(5));
  QVERIFY(events[0].evidence[0].text.ends_with("boom 0"));
  QCOMPARE(events[0].captures.at("n"), std::string("4"));
}

void TestLane::aFailingSinkStopsReadingAndLosesNothing() {
  MemorySink sink;
  sink.refuse(true);
  append("one\n");
  auto running = lane(sink);
  QTRY_VERIFY(sink.refused() >= 3);
  QVERIFY(!running->problem().empty());
  append("two\n");
  QVERIFY(sink.lines().empty());
  sink.refuse(false);
  QTRY_COMPARE(sink.lines(), (std::vector<std::string>{"one", "two"}));
  QTRY_VERIFY(running->problem().empty());
  const auto health = sink.health();
  const auto told =
      std::count_if(health.begin(), health.end(), [](const auto& event) { return event.part == "database"; });
  QCOMPARE(told, 1);
}

void TestLane::startAtEndLeavesOldLinesOut() {
  MemorySink sink;
  append("old\nhalf of an old");
  auto running = lane(sink, sources::StartAt::End);
  QTRY_COMPARE(sink.positions().size(), size_t(1));
  append(" line\nnew\n");
  QTRY_COMPARE(sink.lines(), std::vector<std::string>{"new"});
  running.reset();
  append("while away\n");
  running = lane(sink, sources::StartAt::End);
  QTRY_COMPARE(sink.lines(), (std::vector<std::string>{"new", "while away"}));
}

void TestLane::anAbsentFileIsVisibleAndReadWhenItComes() {
  MemorySink sink;
  auto running = lane(sink, sources::StartAt::End);
  QTRY_COMPARE(sink.health().size(), size_t(1));
  QTRY_VERIFY(running->statuses().size() == 1 && !running->statuses()[0].readable &&
              running->statuses()[0].problem.find("No such file") != std::string::npos);
  append("first\n");
  QTRY_COMPARE(sink.lines(), std::vector<std::string>{"first"});
  QTRY_VERIFY(running->statuses()[0].readable && running->statuses()[0].lines == 1);
}

void TestLane::aPathIsWatchedOnce() {
  MemorySink sink;
  auto running = lane(sink);
  QVERIFY(!running->addSource({m_path, "svc", sources::StartAt::End}));
  const auto other = m_dir->path().toStdString() + "/other.log";
  std::ofstream(other) << "hello\n";
  QVERIFY(running->addSource({other, "b", sources::StartAt::Beginning}).has_value());
  QTRY_COMPARE(sink.lines(), std::vector<std::string>{"hello"});
  QTRY_COMPARE(running->statuses().size(), size_t(2));
}

void TestLane::lastMatchTellsSingleMatches() {
  MemorySink sink;
  auto running = lane(sink);
  QVERIFY(!running->lastMatch("boom", "svc"));
  append("2026-11-22T20:35:23Z ERROR boom 1\n");
  QTRY_VERIFY(running->lastMatch("boom", "svc").has_value());
  QVERIFY(sink.events().empty());
  QVERIFY(running->lastMatch("boom", "svc")->eventTime == *base::fromIso8601("2026-11-22T20:35:23Z"));
  QVERIFY(!running->lastMatch("boom", "other"));
}

QTEST_GUILESS_MAIN(TestLane)
#include "tst_pipeline_lane.moc"
