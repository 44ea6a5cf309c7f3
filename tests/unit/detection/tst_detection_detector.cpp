// Windows against a naive reference, cool-down, restart, bounds, and mutated lines through parser and
// detector. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <algorithm>
#include <random>

#include "base/bytes.h"
#include "detection/detector.h"
#include "parsing/line_parser.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-11-22T20:00:00Z");

std::shared_ptr<const detection::PatternSet> compile(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  return detection::PatternSet::compile(std::move(documents), std::move(problems));
}

/// One line at `at` after the start.
model::LogBatch batchOf(const std::string& text, base::Duration at, uint64_t offset) {
  model::LogBatch batch;
  batch.source = "/log";
  batch.service = "svc";
  batch.bytes = std::make_unique<std::string>(text);
  model::LogRecord record;
  record.eventTime = record.ingestTime = kStart + at;
  record.hasEventTime = true;
  record.severity = model::Severity::Error;
  record.text = record.message = *batch.bytes;
  record.position = {1, offset, static_cast<uint32_t>(text.size()), offset + 1};
  batch.records.push_back(record);
  return batch;
}

/// The rules of Detector written the obvious way: all accepted times of the episode, every run of `count`
/// tried.
class Reference {
 public:
  Reference(size_t count, base::Duration window, base::Duration cooldown, base::Duration lateness)
      : m_count(count), m_window(window), m_cooldown(cooldown), m_lateness(lateness) {}

  bool add(base::Duration t) {
    if (!m_times.empty() && t < *std::max_element(m_times.begin(), m_times.end()) - m_lateness) return false;
    if (m_active && t > m_last + (m_count > 1 ? std::max(m_cooldown, m_window) : m_cooldown)) {
      m_active = false;
      m_times.clear();
    }
    m_times.push_back(t);
    auto sorted = m_times;
    std::sort(sorted.begin(), sorted.end());
    bool met = false;
    for (size_t i = 0; i + m_count <= sorted.size(); ++i) {
      const bool includes = sorted[i] <= t && t <= sorted[i + m_count - 1];
      met = met || (includes && sorted[i + m_count - 1] - sorted[i] < m_window);
    }
    const bool fires = met && (!m_active || t >= m_fired + m_cooldown);
    m_last = m_active || met ? std::max(m_active ? m_last : t, sorted.back()) : m_last;
    m_active = m_active || met;
    if (fires) m_fired = m_last;
    return fires;
  }

 private:
  const size_t m_count;
  const base::Duration m_window, m_cooldown, m_lateness;
  std::vector<base::Duration> m_times;
  bool m_active = false;
  base::Duration m_last{0}, m_fired{0};
};

}  // namespace

class TestDetector : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theFirstEverFires();
  void aClockPutBackBlindsNobody();
  void recognisersBeginAnewWhenTheClockIsPutBack();
  void timePutForwardHasNotElapsed();
  void otherPatternsKeepTheirWindows();
  void whatIsOffFiresNothingAndKeepsItsWindow();
  void windowsAgreeWithTheReference();
  void oneFailureFiresOnceAndThenEachCooldown();
  void aRestoredDetectorGoesOnAsIfNothingHappened();
  void brokenStateIsRefused_data();
  void brokenStateIsRefused();
  void windowsOfAChangedPatternAreLeftOut();
  void keysAreBounded();
  void filtersHold();
  void evidencePointsAtTheBytes();
  void whatIsCitedIsCutBetweenCharacters();
  void mutatedLinesDoNoHarm();
};

void TestDetector::windowsAgreeWithTheReference() {
  std::mt19937 random(11);
  for (int run = 0; run < 200; ++run) {
    const int count = static_cast<int>(random() % 6) + 1, window = static_cast<int>(random() % 12) + 1;
    const int cooldown = static_cast<int>(random() % 20) + 1;
    detection::Detector detector(compile(
        "{id: a, signal: x, match: a, threshold: {count: " + std::to_string(count) + ", window_seconds: " +
        std::to_string(window) + "}, cooldown_seconds: " + std::to_string(cooldown) + "}"));
    Reference reference(static_cast<size_t>(count), std::chrono::seconds(window),
                        std::chrono::seconds(cooldown), 5s);
    base::Duration now = 1h;
    for (uint64_t i = 0; i < 150; ++i) {
      now += std::chrono::milliseconds(random() % 10 == 0 ? random() % 40000 : random() % 3000);
      const auto at = now - std::chrono::milliseconds(random() % 4 == 0 ? random() % 8000 : 0);
      const bool fired = !detector.feed(batchOf("a", at, i)).empty();
      const bool expected = reference.add(at);
      QVERIFY2(fired == expected, qPrintable(QStringLiteral("run %1 record %2").arg(run).arg(i)));
    }
  }
}

void TestDetector::oneFailureFiresOnceAndThenEachCooldown() {
  detection::Detector detector(compile(
      "{id: a, signal: x, match: a, threshold: {count: 3, window_seconds: 10}, cooldown_seconds: 20}"));
  std::vector<model::Event> events;
  for (uint64_t second = 0; second < 60; ++second) {
    for (auto& event : detector.feed(batchOf("a", std::chrono::seconds(second), second)))
      events.push_back(event);
  }
  QCOMPARE(events.size(), size_t(3));
  QCOMPARE(events[0].count, uint64_t(3));
  QCOMPARE(events[1].count, uint64_t(23));
  QVERIFY(events[0].first == kStart && events[1].first == kStart);
  QVERIFY(events[1].last == kStart + 22s);
  QCOMPARE(events[0].evidence.size(), size_t(3));
  QCOMPARE(events[1].evidence.size(), size_t(6));  // the first five and the newest
  QVERIFY(events[0].id != events[1].id);
  QCOMPARE(events[0].id.str().size(), size_t(36));
}

void TestDetector::aRestoredDetectorGoesOnAsIfNothingHappened() {
  const auto set = compile(
      "- {id: a, signal: x, match: 'a(?P<k>\\d)', group_by: k, threshold: {count: 4, window_seconds: 9}, "
      "cooldown_seconds: 7}\n"
      "- {id: b, signal: y, match: 'a1'}\n");
  detection::Detector whole(set);
  auto parts = std::make_unique<detection::Detector>(set);
  std::mt19937 random(3);
  base::Duration now = 1h;
  for (uint64_t i = 0; i < 500; ++i) {
    now += std::chrono::microseconds(random() % 2'000'000);
    const auto line = "a" + std::to_string(random() % 3) + "\xff";
    const auto a = whole.feed(batchOf(line, now, i)), b = parts->feed(batchOf(line, now, i));
    QCOMPARE(a.size(), b.size());
    for (size_t k = 0; k < a.size(); ++k) {
      QVERIFY(a[k].id == b[k].id && a[k].first == b[k].first && a[k].count == b[k].count);
      QCOMPARE(a[k].evidence.size(), b[k].evidence.size());
    }
    if (random() % 5 != 0) continue;
    auto next = std::make_unique<detection::Detector>(set);
    QVERIFY(next->restore(parts->snapshot()).has_value());
    parts = std::move(next);
  }
  QCOMPARE(parts->snapshot(), whole.snapshot());
  QVERIFY(parts->lastMatch("b", "svc")->eventTime == whole.lastMatch("b", "svc")->eventTime);
}

void TestDetector::brokenStateIsRefused_data() {
  QTest::addColumn<QByteArray>("state");
  for (const char* state : {"{", "[]", "{}", "{\"version\":9}", "{\"version\":1,\"patterns\":3,\"last\":[]}",
                            "{\"version\":1,\"patterns\":[],\"last\":[[1]]}"}) {
    QTest::newRow(state) << QByteArray(state);
  }
}

void TestDetector::brokenStateIsRefused() {
  QFETCH(QByteArray, state);
  detection::Detector detector(compile("{id: a, signal: x, match: a}"));
  QVERIFY(!detector.restore(state.toStdString()));
  QCOMPARE(detector.feed(batchOf("a", 0s, 0)).size(), size_t(1));
}

void TestDetector::windowsOfAChangedPatternAreLeftOut() {
  detection::Detector before(
      compile("{id: a, signal: x, match: a, threshold: {count: 2, window_seconds: 60}}"));
  before.feed(batchOf("a", 0s, 0));
  detection::Detector after(
      compile("{id: a, signal: x, match: 'a|b', threshold: {count: 2, window_seconds: 60}}"));
  QVERIFY(after.restore(before.snapshot()).has_value());
  QVERIFY(after.feed(batchOf("a", 1s, 1)).empty());
}

void TestDetector::keysAreBounded() {
  detection::DetectorOptions options;
  options.maxKeys = 10;
  detection::Detector detector(compile("{id: a, signal: x, match: 'k(?P<k>\\d+)', group_by: k, threshold: "
                                       "{count: 2, window_seconds: 600}}"),
                               options);
  for (uint64_t i = 0; i < 100; ++i) detector.feed(batchOf("k" + std::to_string(i), 1s, i));
  QCOMPARE(detector.counters().evictedKeys, uint64_t(90));
  QCOMPARE(detector.feed(batchOf("k99", 2s, 200)).size(), size_t(1));
  QVERIFY(detector.feed(batchOf("k1", 2s, 201)).empty());
}

void TestDetector::filtersHold() {
  detection::Detector detector(
      compile("- {id: level, signal: x, match: a, level_at_least: critical}\n- {id: other, signal: x, match: "
              "a, service: db}\n"
              "- {id: field, signal: x, match: '^a$', field: user}\n"));
  QVERIFY(detector.feed(batchOf("a", 0s, 0)).empty());
  auto batch = batchOf("b user=a", 1s, 1);
  batch.records[0].fields.emplace_back("user", std::string_view(*batch.bytes).substr(7));
  QCOMPARE(detector.feed(batch).size(), size_t(1));
}

void TestDetector::evidencePointsAtTheBytes() {
  detection::Detector detector(compile("{id: a, signal: x, match: 'a (?P<v>.*)$'}"));
  const auto line = "a \xff" + std::string(2000, 'x');
  const auto events = detector.feed(batchOf(line, 0s, 77));
  QCOMPARE(events.size(), size_t(1));
  const auto& ref = events[0].evidence[0];
  QCOMPARE(ref.position.offset, uint64_t(77));
  QCOMPARE(size_t(ref.position.length), line.size());
  QVERIFY(ref.text.starts_with("a \xEF\xBF\xBDxx"));
  QVERIFY(events[0].captures.at("v").size() <= 256);
}

/// Whoever checks a citation compares it with the line: a character must not be parted.
void TestDetector::whatIsCitedIsCutBetweenCharacters() {
  for (size_t padding = 0; padding < 6; ++padding) {
    detection::Detector detector(compile("{id: a, signal: x, match: '^a '}"));
    auto line = "a " + std::string(padding, 'x');
    for (int i = 0; i < 300; ++i)
      line += i % 7 == 0 ? "\xff" : i % 2 == 0 ? "\xe6\x97\xa5" : "\xf0\x9f\x98\x80";
    const auto events = detector.feed(batchOf(line, 0s, 0));
    const auto& text = events.at(0).evidence.at(0).text;
    QVERIFY(text.size() <= 500 && text.size() > 496);
    QVERIFY(base::toValidUtf8(line).starts_with(text));
  }
}

void TestDetector::mutatedLinesDoNoHarm() {
  const auto set = detection::loadPatterns({std::filesystem::path(AIOPS_SOURCE_DIR) / "resources/patterns"});
  detection::Detector detector(set);
  parsing::LineParser parser;
  std::vector<std::string> seeds = {
      R"({"time":"2026-11-22T20:35:23Z","level":"warn","msg":"a\n","n":1.5,"x":{"y":[1]}})"};
  for (const auto& pattern : set->documents()) {
    seeds.insert(seeds.end(), pattern.samplesMatch.begin(), pattern.samplesMatch.end());
  }
  std::mt19937 random(5);
  for (uint64_t i = 0; i < 10'000; ++i) {
    auto line = seeds[random() % seeds.size()];
    for (size_t edits = random() % 6; edits > 0 && !line.empty(); --edits) {
      const size_t at = random() % line.size();
      switch (random() % 5) {
        case 0:
          line[at] = static_cast<char>(random());
          break;
        case 1:
          line.erase(at, random() % 9);
          break;
        case 2:
          line.insert(at, 1, "\"\\{}[]=\0\n:"[random() % 10]);
          break;
        case 3:
          line += line.substr(at);
          break;
        default:
          line.resize(at);
          break;
      }
    }
    model::LogBatch batch;
    batch.source = "/log";
    batch.service = "svc";
    batch.bytes = std::make_unique<std::string>(line);
    auto record = parser.parse(*batch.bytes, kStart, batch);
    QVERIFY(record.eventTime <= kStart + 24h);
    record.position = {1, i, static_cast<uint32_t>(line.size()), i + 1};
    batch.records.push_back(std::move(record));
    detector.feed(batch);
  }
  QCOMPARE(detector.counters().records, uint64_t(10'000));
  QVERIFY(detector.counters().matches > 1000);
}

namespace {

/// What comes of one line "text" at `second`.
size_t eventsAt(detection::Detector& detector, int second, const std::string& text) {
  model::LogBatch batch;
  batch.source = "/a.log";
  batch.service = "web";
  batch.bytes = std::make_unique<std::string>(text);
  model::LogRecord record;
  record.text = record.message = *batch.bytes;
  record.eventTime = record.ingestTime = base::TimePoint(std::chrono::seconds(second));
  record.position.offset = static_cast<uint64_t>(second);
  batch.records.push_back(record);
  return detector.feed(batch).size();
}

constexpr const char* kThird = "{id: a, signal: x, match: a, threshold: {count: 3, window_seconds: 60}}";

std::shared_ptr<const detection::PatternSet> setOf(const std::string& yaml, bool enabled = true) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  for (auto& document : documents) document.enabled = enabled;
  return detection::PatternSet::compile(std::move(documents), std::move(problems));
}

}  // namespace

void TestDetector::otherPatternsKeepTheirWindows() {
  detection::Detector detector(setOf(kThird));
  QCOMPARE(eventsAt(detector, 1, "a"), size_t(0));
  QCOMPARE(eventsAt(detector, 2, "a"), size_t(0));
  // Another name and another pattern beside it: what it detects is the same.
  detector.usePatterns(
      setOf(std::string("- {id: b, signal: y, match: b}\n- ") +
            "{id: a, name: New, signal: x, match: a, threshold: {count: 3, window_seconds: 60}}"));
  QCOMPARE(eventsAt(detector, 3, "a"), size_t(1));
  QCOMPARE(eventsAt(detector, 3, "b"), size_t(1));
  const auto counts = detector.takeCounts();
  QCOMPARE(counts.size(), size_t(2));
  QCOMPARE(counts[0].matches, uint64_t(3));
  QCOMPARE(counts[0].events, uint64_t(1));
  QVERIFY(detector.takeCounts().empty());
  // Another expression begins anew.
  detection::Detector edited(setOf(kThird));
  QCOMPARE(eventsAt(edited, 1, "a") + eventsAt(edited, 2, "a"), size_t(0));
  edited.usePatterns(setOf("{id: a, signal: x, match: 'a|b', threshold: {count: 3, window_seconds: 60}}"));
  QCOMPARE(eventsAt(edited, 3, "a"), size_t(0));
}

void TestDetector::whatIsOffFiresNothingAndKeepsItsWindow() {
  detection::Detector detector(setOf(kThird));
  QCOMPARE(eventsAt(detector, 1, "a") + eventsAt(detector, 2, "a"), size_t(0));
  detector.usePatterns(setOf(kThird, false));
  QCOMPARE(eventsAt(detector, 3, "a") + eventsAt(detector, 4, "a"), size_t(0));
  QCOMPARE(detector.counters().matches, uint64_t(2));
  detector.usePatterns(setOf(kThird));
  QCOMPARE(eventsAt(detector, 5, "a"), size_t(1));
}

/// What a group never had before fires at once; what it knows has to come again and again.
void TestDetector::theFirstEverFires() {
  const std::string text =
      "- {id: p, signal: x, match: 'err (?P<what>\\w+)', group_by: what, cooldown_seconds: 1, "
      "threshold: {count: 2, window_seconds: 10, first: true}}\n";
  detection::Detector detector(compile(text));
  const auto first = detector.feed(batchOf("err a", 0s, 0));
  QCOMPARE(first.size(), size_t(1));
  QCOMPARE(first[0].count, uint64_t(1));
  QCOMPARE(first[0].evidence.size(), size_t(1));
  QCOMPARE(detector.feed(batchOf("err b", 1s, 1)).size(), size_t(1));  // another group
  QVERIFY(detector.feed(batchOf("err a", 100s, 2)).empty());
  QCOMPARE(detector.feed(batchOf("err a", 101s, 3)).size(), size_t(1));  // twice

  detection::Detector later(compile(text));
  QVERIFY(later.restore(detector.snapshot()).has_value());
  QVERIFY(later.feed(batchOf("err b", 1000s, 4)).empty());  // known since before
  QCOMPARE(later.feed(batchOf("err c", 1000s, 5)).size(), size_t(1));

  for (const char* wrong : {"{first: true}", "{count: 2, distinct: what, first: true}"}) {
    std::vector<detection::PatternProblem> problems;
    detection::parsePatterns(std::string("- {id: p, match: 'a', threshold: ") + wrong + "}\n", "p", problems);
    QCOMPARE(problems.size(), size_t(1));
    QVERIFY(problems[0].reason.find("threshold.first") != std::string::npos);
  }
}

/// Event times of the future, or a clock that is put back: what comes by the clock is not late for it.
void TestDetector::aClockPutBackBlindsNobody() {
  detection::Detector detector(
      compile("- {id: p, signal: x, match: a, threshold: {count: 2, window_seconds: 60}}\n"));
  QVERIFY(detector.feed(batchOf("a", 1h, 0)).empty());
  QCOMPARE(detector.feed(batchOf("a", 1h + 1s, 1)).size(), size_t(1));
  QVERIFY(detector.feed(batchOf("a", 0s, 2)).empty());
  const auto events = detector.feed(batchOf("a", 1s, 3));
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events.front().first, kStart);
  QCOMPARE(detector.lastMatch("p", "svc")->eventTime, kStart + 1s);
  QCOMPARE(detector.counters().late, uint64_t(0));

  auto old = batchOf("a", -1h, 4);  // merely old, read now
  old.records.front().ingestTime = kStart + 2s;
  QVERIFY(detector.feed(old).empty());
  QCOMPARE(detector.counters().late, uint64_t(1));
}

void TestDetector::recognisersBeginAnewWhenTheClockIsPutBack() {
  detection::Detector detector(
      compile("- {id: p, signal: x, type: sequence, condition: {steps: [{match: a}, {match: b}], "
              "within_seconds: 60}}\n"));
  detector.feed(batchOf("a", 1h, 0));
  QVERIFY(detector.feed(batchOf("a", 0s, 1)).empty());
  QCOMPARE(detector.feed(batchOf("b", 1s, 2)).size(), size_t(1));
}

void TestDetector::timePutForwardHasNotElapsed() {
  const std::string missing =
      "- {id: p, signal: x, type: sequence, condition: {steps: [{match: a}, {match: b, missing: true}], "
      "within_seconds: 60}}\n";
  detection::Detector detector(compile(missing)), other(compile(missing));
  detector.feed(batchOf("a", 0s, 0));
  other.feed(batchOf("a", 0s, 0));
  detector.clockPutForward(1h);
  QVERIFY(detector.elapse(kStart + 1h + 10s).empty());
  QCOMPARE(detector.elapse(kStart + 1h + 90s).size(), size_t(1));
  QCOMPARE(other.elapse(kStart + 90s).size(), size_t(1));
}

QTEST_GUILESS_MAIN(TestDetector)
#include "tst_detection_detector.moc"
