// Past files through the engine: the same events as live, differences between versions, lint, and the budget.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <fstream>
#include <random>

#include "agents/backtest.h"
#include "base/mutex.h"
#include "config/settings.h"
#include "detection/detector.h"
#include "model/json.h"
#include "pipeline/lane.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-11-22T20:00:00Z");

using Set = std::shared_ptr<const detection::PatternSet>;

Set compile(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
  for (const auto& problem : set->problems()) qWarning("%s", problem.text().c_str());
  return set;
}

/// Every type of pattern that a stream of requests can show.
const std::string kAllTypes = R"(
- {id: failed, match: 'request (?P<id>\d+) failed', threshold: {count: 3, window_seconds: 5}, cooldown_seconds: 4}
- {id: slow, type: fuzzy, cooldown_seconds: 2, condition: {text: 'upstream took too long'}}
- {id: whole, type: sequence, group_by: id, cooldown_seconds: 1, condition: {within_seconds: 6, steps: [
    {match: 'request (?P<id>\d+) begins'}, {match: 'request (?P<id>\d+) ends'}]}}
- {id: lost, type: sequence, group_by: id, cooldown_seconds: 1, condition: {within_seconds: 6, steps: [
    {match: 'request (?P<id>\d+) begins'}, {match: 'request (?P<id>\d+) ends', missing: true}]}}
)";

/// A log of requests; some end, some fail, some are lost. A few lines are out of order.
std::vector<std::string> requests(uint32_t seed, int count) {
  std::mt19937 rng(seed);
  std::vector<std::pair<int64_t, std::string>> lines;
  for (int i = 0; i < count; ++i) {
    const int64_t at = i * 300 + static_cast<int64_t>(rng() % 250);
    const auto id = std::to_string(i);
    lines.emplace_back(at, "request " + id + " begins");
    const auto kind = rng() % 5;
    if (kind < 3)
      lines.emplace_back(at + 200 + static_cast<int64_t>(rng() % 4000), "request " + id + " ends");
    if (kind == 3) lines.emplace_back(at + 100, "request " + id + " failed");
    if (rng() % 20 == 0) lines.emplace_back(at + 50, "the upstream took much too long");
  }
  std::ranges::stable_sort(lines);
  for (size_t i = 3; i < lines.size(); i += 7) std::swap(lines[i], lines[i - 1]);
  std::vector<std::string> out;
  for (const auto& [at, text] : lines)
    out.push_back(base::toIso8601(kStart + std::chrono::milliseconds(at)) + " INFO web: " + text);
  return out;
}

class Collector : public pipeline::LaneSink {
 public:
  base::Result<> commit(const pipeline::LaneOutput& output) override {
    base::MutexLock lock(m_mutex);
    m_events.insert(m_events.end(), output.events.begin(), output.events.end());
    m_lines += output.lines.size();
    return {};
  }
  size_t lines() const {
    base::MutexLock lock(m_mutex);
    return m_lines;
  }
  std::vector<model::Event> events() const {
    base::MutexLock lock(m_mutex);
    return m_events;
  }

 private:
  mutable base::Mutex m_mutex;
  std::vector<model::Event> m_events;
  size_t m_lines = 0;
};

std::string textOf(const std::vector<model::Event>& events) {
  std::string out;
  for (const auto& event : events) out += nlohmann::json(event).dump() + '\n';
  return out;
}

void write(const std::filesystem::path& path, const std::vector<std::string>& lines) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  for (const auto& line : lines) out << line << '\n';
}

}  // namespace

class TestBacktest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void liveAndReplayedAreTheSame();
  void versionsAreCompared();
  void severalFilesAreOneStream();
  void aFileThatIsNotThereIsNamed();
  void lintNamesBadPatterns();
  void aPatternOverItsBudgetIsSwitchedOff();
};

void TestBacktest::liveAndReplayedAreTheSame() {
  QTemporaryDir folder;
  const std::filesystem::path log = folder.filePath(QStringLiteral("web.log")).toStdString();
  const auto lines = requests(5, 400);
  write(log, {});
  base::SystemClock clock;
  Collector sink;
  pipeline::LaneOptions options;
  options.detector = pipeline::trialOptions();
  pipeline::Lane lane({{.path = log.string(),
                        .service = config::serviceOfPath(log.string()),
                        .startAt = sources::StartAt::Beginning}},
                      {}, {}, compile(kAllTypes), clock, sink, options);
  QVERIFY(lane.start().has_value());
  std::mt19937 rng(1);
  std::ofstream out(log, std::ios::binary | std::ios::app);
  for (size_t at = 0; at < lines.size();) {  // as a service writes: some lines, sometimes half of one
    for (size_t n = 1 + rng() % 60; n-- > 0 && at < lines.size(); ++at) {
      out << lines[at].substr(0, 10);
      if (rng() % 30 == 0) out.flush();
      out << lines[at].substr(10) << '\n';
    }
    out.flush();
    const auto written = at;
    QTRY_VERIFY(sink.lines() + 1 >= written);  // the newest may be held for its continuation
  }
  QTRY_COMPARE(sink.lines(), lines.size());
  lane.stop();
  const auto report = agents::backtest({.patterns = compile(kAllTypes), .against = {}, .paths = {log}});
  QVERIFY(report.has_value());
  QVERIFY(report->events.size() > 50);
  QCOMPARE(textOf(sink.events()), textOf(report->events));
}

void TestBacktest::versionsAreCompared() {
  QTemporaryDir folder;
  const std::filesystem::path log = folder.filePath(QStringLiteral("web.log")).toStdString();
  write(log,
        {"2026-11-22T20:00:00Z INFO a 1", "2026-11-22T20:01:00Z INFO b 2", "2026-11-22T20:02:00Z INFO a 3"});
  const auto report = agents::backtest({.patterns = compile("{id: p, match: 'a \\d'}"),
                                        .against = compile("{id: p, match: '[ab] [12]'}"),
                                        .paths = {log}});
  QVERIFY(report.has_value());
  QCOMPARE(report->lines, uint64_t(3));
  QCOMPARE(report->events.size(), size_t(2));
  QCOMPARE(report->onlyNew.size(), size_t(1));
  QCOMPARE(report->onlyNew.front().evidence.front().position.line, uint64_t(3));
  QCOMPARE(report->onlyOld.size(), size_t(1));
  QCOMPARE(report->onlyOld.front().evidence.front().position.line, uint64_t(2));
  QCOMPARE(report->patterns.front().matches, uint64_t(2));
  QCOMPARE(report->patterns.front().services.at("web"), uint64_t(2));
}

void TestBacktest::severalFilesAreOneStream() {
  QTemporaryDir folder;
  const std::filesystem::path path = folder.path().toStdString();
  write(path / "web.log", {"2026-11-22T20:00:00Z INFO one", "2026-11-22T20:02:00Z INFO three"});
  write(path / "db.log", {"2026-11-22T20:01:00Z INFO two"});
  std::vector<std::string> seen;
  const auto report =
      agents::backtest({.patterns = compile("{id: p, match: 'INFO (?P<n>\\w+)'}"),
                        .against = {},
                        .paths = {path},
                        .onHit = [&](const model::PatternHit& hit) { seen.push_back(hit.text); }});
  QVERIFY(report.has_value());
  QCOMPARE(report->files, uint64_t(2));
  QCOMPARE(seen, (std::vector<std::string>{"2026-11-22T20:00:00Z INFO one", "2026-11-22T20:01:00Z INFO two",
                                           "2026-11-22T20:02:00Z INFO three"}));
}

void TestBacktest::aFileThatIsNotThereIsNamed() {
  const auto report =
      agents::backtest({.patterns = compile("{id: p, match: a}"), .against = {}, .paths = {"/no/such.log"}});
  QVERIFY(!report && report.error().line().find("/no/such.log") != std::string::npos);
}

void TestBacktest::lintNamesBadPatterns() {
  QTemporaryDir folder;
  const std::filesystem::path log = folder.filePath(QStringLiteral("web.log")).toStdString();
  std::vector<std::string> lines;
  for (int i = 0; i < 11'000; ++i)
    lines.push_back("2026-11-22T20:00:00Z INFO request " + std::to_string(i) +
                    (i % 3 == 0 ? " slow" : " done"));
  write(log, lines);
  const auto report = agents::backtest({.patterns = compile(R"(
- {id: broad, match: 'slow', severity: warning}
- {id: everything, match: 'x*'}
- {id: fine, match: 'request 77 '}
- {id: info-may-be-broad, match: 'request .* done', severity: info}
- {id: never, match: 'exploded'}
- {id: same-lines, match: 'request \d+ slow$', severity: info}
- {id: slow-to-find, match: '(?m)request 5 '}
- {id: watched, type: anomaly, match: 'request (?P<n>\d+5) [sd]', condition: {of: value, value: n}}
- {id: watches-nothing, type: temporal, match: 'request \d+7 [sd]\w+$',
   condition: {condition_type: sustained_growth, value: latency}}
)"),
                                        .against = {},
                                        .paths = {log}});
  QVERIFY(report.has_value());
  std::map<std::string, std::string> found;
  for (const auto& finding : report->lint)
    found[finding.pattern] += std::string(toString(finding.kind)) + ' ';
  QCOMPARE(found["broad"], std::string("too_broad "));
  QVERIFY(found["everything"].starts_with("too_broad "));
  QVERIFY(!found.contains("fine") && !found.contains("info-may-be-broad"));
  QCOMPARE(found["never"], std::string("never_hit "));
  QCOMPARE(found["same-lines"], std::string("duplicate "));
  QCOMPARE(found["slow-to-find"], std::string("slow "));
  QVERIFY(!found.contains("watched"));
  QCOMPARE(found["watches-nothing"], std::string("no_value "));
}

/// The clock of the test says that one pattern takes its time.
void TestBacktest::aPatternOverItsBudgetIsSwitchedOff() {
  std::chrono::nanoseconds now{0};
  detection::DetectorOptions options;
  options.cpuTime = [&] { return now += 60us; };
  options.budget = 50us;
  const auto set = compile("- {id: dear, match: a}\n- {id: other, match: zzz}");
  detection::Detector detector(set, options);
  uint64_t lines = 0;
  const auto feed = [&] {
    model::LogBatch batch;
    batch.service = "web";
    batch.bytes = std::make_unique<std::string>("a line");
    model::LogRecord record;
    record.text = record.message = *batch.bytes;
    record.eventTime = record.ingestTime = kStart + std::chrono::minutes(lines);
    record.position.offset = lines++;
    batch.records.push_back(record);
    return detector.feed(batch).size();
  };
  for (int i = 0; i < 3000; ++i) QCOMPARE(feed(), size_t(1));
  QVERIFY(detector.takeOverruns().empty());
  for (int i = 0; i < 100; ++i) feed();
  const auto overruns = detector.takeOverruns();
  QCOMPARE(overruns.size(), size_t(1));
  QCOMPARE(overruns.front().patternId, std::string("dear"));
  QVERIFY(overruns.front().each == 60us);
  QCOMPARE(feed(), size_t(0));
  detector.usePatterns(set);  // the same again is no reason to try again
  QCOMPARE(feed(), size_t(0));
  detector.usePatterns(compile("- {id: dear, match: 'a line'}\n- {id: other, match: zzz}"));
  QCOMPARE(feed(), size_t(1));
}

QTEST_GUILESS_MAIN(TestBacktest)

#include "tst_backtest.moc"
