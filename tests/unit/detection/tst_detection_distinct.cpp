// Thresholds of different values, against the obvious way to count them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <algorithm>
#include <random>
#include <set>

#include "detection/detector.h"
#include "detection/judge.h"
#include "detection/lint.h"
#include "detection/pattern_builder.h"
#include "detection/pattern_schema.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-11-22T20:00:00Z");

std::shared_ptr<const detection::PatternSet> compile(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  return detection::PatternSet::compile(std::move(documents), std::move(problems));
}

/// One line at `at` after the start; "user=x" becomes a field too.
model::LogBatch batchOf(const std::string& text, base::Duration at, uint64_t offset) {
  model::LogBatch batch;
  batch.source = "/log";
  batch.service = "svc";
  batch.bytes = std::make_unique<std::string>(text);
  model::LogRecord record;
  record.eventTime = record.ingestTime = kStart + at;
  record.hasEventTime = true;
  record.text = record.message = *batch.bytes;
  if (const auto field = record.text.find("user="); field != std::string_view::npos)
    record.fields.emplace_back("user", record.text.substr(field + 5));
  record.position = {1, offset, static_cast<uint32_t>(text.size()), offset + 1};
  batch.records.push_back(record);
  return batch;
}

/// The rules written the obvious way: everything of the episode is kept, every window is tried.
class Reference {
 public:
  struct Answer {
    bool fires = false;
    std::set<uint64_t> newest;  ///< the records that an episode begins with
  };

  Reference(size_t count, base::Duration window, base::Duration cooldown)
      : m_count(count), m_window(window), m_cooldown(cooldown) {}

  Answer add(base::Duration t, const std::string& value, uint64_t id) {
    if (!m_all.empty() && t < newestTime() - 5s) return {};
    if (m_active && t > m_last + std::max(m_cooldown, m_window)) {
      m_active = false;
      m_all.clear();
    }
    m_all.push_back({t, value, id});
    Answer out;
    const bool met = meets(t);
    out.fires = met && (!m_active || t >= m_fired + m_cooldown);
    if (met && !m_active) out.newest = newestOfEach(t);
    m_last = m_active ? std::max(m_last, t) : newestTime();
    m_active = m_active || met;
    if (out.fires) m_fired = m_last;
    return out;
  }

 private:
  struct One {
    base::Duration time;
    std::string value;
    uint64_t id;
  };

  base::Duration newestTime() const { return std::ranges::max_element(m_all, {}, &One::time)->time; }
  bool meets(base::Duration t) const {
    return std::ranges::any_of(m_all, [&](const One& first) {
      if (first.time > t || t - first.time >= m_window) return false;
      std::set<std::string> values;
      for (const auto& one : m_all) {
        if (one.time >= first.time && one.time - first.time < m_window) values.insert(one.value);
      }
      return values.size() >= m_count;
    });
  }
  /// Of a window that ends with the record at `t`.
  std::set<uint64_t> newestOfEach(base::Duration t) const {
    std::map<std::string, One> newest;
    for (const auto& one : m_all) {
      if (one.time <= t && t - one.time < m_window) newest.insert_or_assign(one.value, one);
    }
    std::vector<One> all;
    for (const auto& [value, one] : newest) all.push_back(one);
    std::ranges::sort(all, std::greater(), &One::time);
    std::set<uint64_t> ids;
    for (size_t i = 0; i < std::min(all.size(), m_count); ++i) ids.insert(all[i].id);
    return ids;
  }

  const size_t m_count;
  const base::Duration m_window, m_cooldown;
  std::vector<One> m_all;
  bool m_active = false;
  base::Duration m_last{0}, m_fired{0};
};

std::string document(int count, int window, int cooldown) {
  return "{id: a, match: 'v(?P<v>\\d+)', threshold: {count: " + std::to_string(count) +
         ", window_seconds: " + std::to_string(window) +
         ", distinct: v}, cooldown_seconds: " + std::to_string(cooldown) + "}";
}

constexpr const char* kUsers =
    "{id: a, match: refused, group_by: host, threshold: {count: 3, window_seconds: 60, distinct: user}}";

}  // namespace

class TestDistinct : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agreesWithTheReference_data();
  void agreesWithTheReference();
  void theSameValueCountsOnce();
  void evidenceIsTheNewestOfEachValue();
  void aFieldCountsToo();
  void recordsWithoutTheValueDoNotCount();
  void stepsOfASequenceGiveTheValue();
  void memoryIsBounded();
  void aRestoredDetectorGoesOn();
  void mistakesSayWhy_data();
  void mistakesSayWhy();
  void formsAndBuilderKeepIt();
  void lintNamesAValueThatIsNeverThere();
  void anotherDistinctBeginsAnew();
  void whatIsExtractedCountsToo();
};

void TestDistinct::agreesWithTheReference_data() {
  QTest::addColumn<bool>("late");
  QTest::newRow("in order") << false;
  QTest::newRow("late lines") << true;
}

void TestDistinct::agreesWithTheReference() {
  QFETCH(bool, late);
  std::mt19937 random(7);
  uint64_t firings = 0;
  for (int run = 0; run < 200; ++run) {
    const int count = static_cast<int>(random() % 5) + 2, window = static_cast<int>(random() % 12) + 1;
    const int cooldown = static_cast<int>(random() % 20) + 1;
    const uint64_t values = random() % 8 + 1, pace = random() % 2500 + 1;
    const auto set = compile(document(count, window, cooldown));
    auto detector = std::make_unique<detection::Detector>(set);
    Reference reference(static_cast<size_t>(count), std::chrono::seconds(window),
                        std::chrono::seconds(cooldown));
    base::Duration now = 1h;
    for (uint64_t i = 0; i < 200; ++i) {
      now += std::chrono::milliseconds(1 + (random() % 20 == 0 ? random() % 40000 : random() % pace));
      const auto at = now - std::chrono::milliseconds(late && random() % 3 == 0 ? random() % 7000 : 0);
      const auto value = std::to_string(random() % values);
      const auto events = detector->feed(batchOf("v" + value, at, i));
      const auto expected = reference.add(at, value, i);
      const auto where = QStringLiteral("run %1 record %2").arg(run).arg(i);
      QVERIFY2(events.empty() != expected.fires, qPrintable(where));
      if (expected.fires && !expected.newest.empty()) {
        std::set<uint64_t> ids;
        std::set<std::string> told;
        for (const auto& ref : events[0].evidence) {
          ids.insert(ref.position.offset);
          told.insert(ref.text);
        }
        QVERIFY2(late ? told.size() == static_cast<size_t>(count) : ids == expected.newest,
                 qPrintable(where));
        ++firings;
      }
      if (random() % 40 != 0) continue;
      auto next = std::make_unique<detection::Detector>(set);
      QVERIFY(next->restore(detector->snapshot()).has_value());
      detector = std::move(next);
    }
  }
  QVERIFY(firings > 100);
}

void TestDistinct::theSameValueCountsOnce() {
  detection::Detector detector(compile(document(3, 60, 30)));
  for (uint64_t i = 0; i < 20; ++i)
    QVERIFY(detector.feed(batchOf("v" + std::to_string(i % 2), std::chrono::seconds(i), i)).empty());
  const auto events = detector.feed(batchOf("v7", 20s, 20));
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events[0].count, uint64_t(3));
  QVERIFY(events[0].first == kStart + 18s && events[0].last == kStart + 20s);
  QCOMPARE(events[0].captures.at("explanation"), std::string("3 different values of v within 60 s: 0, 1, 7"));
  QCOMPARE(events[0].captures.at("v"), std::string("7"));
}

void TestDistinct::evidenceIsTheNewestOfEachValue() {
  detection::Detector detector(compile(document(3, 60, 5)));
  for (uint64_t i = 0; i < 10; ++i) detector.feed(batchOf("v1", std::chrono::seconds(i), i));
  detector.feed(batchOf("v2", 10s, 10));
  const auto events = detector.feed(batchOf("v3", 11s, 11));
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events[0].evidence.size(), size_t(3));
  QCOMPARE(events[0].evidence[0].position.offset, uint64_t(9));
  QCOMPARE(events[0].evidence[2].position.offset, uint64_t(11));
  // As long as it goes on it is the same episode, told after each cool-down.
  QVERIFY(detector.feed(batchOf("v4", 12s, 12)).empty());
  const auto again = detector.feed(batchOf("v1", 17s, 13));
  QCOMPARE(again.size(), size_t(1));
  QVERIFY(again[0].first == events[0].first && again[0].count == 5);
}

void TestDistinct::aFieldCountsToo() {
  detection::Detector detector(compile(kUsers));
  QVERIFY(detector.feed(batchOf("refused user=a", 0s, 0)).empty());
  QVERIFY(detector.feed(batchOf("refused user=b", 1s, 1)).empty());
  QVERIFY(detector.feed(batchOf("refused user=b", 2s, 2)).empty());
  QCOMPARE(detector.feed(batchOf("refused user=c", 3s, 3)).size(), size_t(1));
}

void TestDistinct::recordsWithoutTheValueDoNotCount() {
  detection::Detector detector(compile(kUsers));
  for (uint64_t i = 0; i < 9; ++i)
    QVERIFY(detector.feed(batchOf("refused", std::chrono::seconds(i), i)).empty());
  const auto set = compile(kUsers);
  const auto batch = batchOf("refused", 0s, 0);
  const auto judged = detection::judge(*set, 0, batch, batch.records.front());
  QVERIFY(judged.matches);
  QCOMPARE(judged.why, std::string("it has no 'user', of which different values count"));
}

void TestDistinct::stepsOfASequenceGiveTheValue() {
  detection::Detector detector(compile(
      "{id: a, type: sequence, group_by: id, condition: {within_seconds: 9, steps: [{match: 'c(?P<id>\\d)'}, "
      "{match: 'f(?P<id>\\d) (?P<path>\\S+)'}]}, threshold: {count: 2, window_seconds: 60, distinct: "
      "path}}"));
  size_t events = 0;
  uint64_t i = 0;
  for (const char* line : {"c1", "f1 /a", "c1", "f1 /a", "c1", "f1 /b"}) {
    events += detector.feed(batchOf(line, std::chrono::seconds(i), i)).size();
    ++i;
    QCOMPARE(events, size_t(i == 6 ? 1 : 0));
  }
}

void TestDistinct::memoryIsBounded() {
  detection::Detector same(compile(document(3, 600, 30))), many(compile(document(3, 600, 30)));
  size_t before = 0;
  for (uint64_t i = 0; i < 20'000; ++i) {
    const auto at = std::chrono::milliseconds(i * 20);
    same.feed(batchOf("v1", at, i));
    many.feed(batchOf("v" + std::to_string(i), at, i));
    if (i == 2000) before = many.snapshot().size();
  }
  QVERIFY(same.snapshot().size() < 6000);
  QVERIFY(many.snapshot().size() < before + before / 4);
}

void TestDistinct::aRestoredDetectorGoesOn() {
  const auto set = compile(kUsers);
  detection::Detector before(set);
  before.feed(batchOf("refused user=a", 0s, 0));
  before.feed(batchOf("refused user=b", 1s, 1));
  detection::Detector after(set);
  QVERIFY(after.restore(before.snapshot()).has_value());
  QCOMPARE(after.snapshot(), before.snapshot());
  QVERIFY(after.feed(batchOf("refused user=b", 2s, 2)).empty());
  const auto events = after.feed(batchOf("refused user=c", 3s, 3));
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events[0].evidence.size(), size_t(3));
}

void TestDistinct::mistakesSayWhy_data() {
  QTest::addColumn<QString>("yaml");
  QTest::addColumn<QString>("reason");
  const auto row = [](const char* name, const char* yaml, const char* reason) {
    QTest::newRow(name) << QString::fromUtf8(yaml) << QString::fromLatin1(reason);
  };
  row("without a count", "{id: a, match: x, threshold: {distinct: user}}", "needs a threshold.count of 2");
  row("of the group", "{id: a, match: x, group_by: user, threshold: {count: 2, distinct: user}}",
      "is what group_by says");
  row("of the service", "{id: a, match: x, threshold: {count: 2, distinct: service}}", "only one");
  row("of a series",
      "{id: a, type: temporal, condition: {condition_type: spike}, threshold: {count: 2, distinct: user}}",
      "type temporal");
  row("no such capture",
      "{id: a, type: sequence, condition: {steps: [{match: x}, {match: y}]}, threshold: {count: 2, distinct: "
      "u}}",
      "no step has a capture 'u'");
  row("a list", "{id: a, match: x, threshold: {count: 2, distinct: [user]}}",
      "threshold.distinct must be text");
}

void TestDistinct::mistakesSayWhy() {
  QFETCH(QString, yaml);
  QFETCH(QString, reason);
  const auto set = compile(yaml.toStdString());
  QCOMPARE(set->size(), size_t(0));
  const auto text = set->problems().front().text();
  QVERIFY2(QString::fromStdString(text).contains(reason), text.c_str());
}

void TestDistinct::formsAndBuilderKeepIt() {
  const auto first = compile(kUsers)->documents().front();
  QCOMPARE(first.distinct, std::string("user"));
  for (const auto& form : {detection::toJson(first).dump(), detection::toYaml(first)}) {
    const auto again = compile(form);
    QCOMPARE(again->size(), size_t(1));
    QCOMPARE(again->documents().front().distinct, std::string("user"));
  }
  const auto built =
      detection::LogPatternBuilder("a").regex("refused").groupBy("host").threshold(3, 60s, "user");
  QCOMPARE(detection::toJson(*built.build()).dump(), detection::toJson(first).dump());
}

void TestDistinct::lintNamesAValueThatIsNeverThere() {
  for (const bool there : {true, false}) {
    detection::Lint lint(compile(kUsers));
    for (uint64_t i = 0; i < 6; ++i) {
      const auto batch = batchOf(there ? "refused user=a" : "refused", 0s, i);
      lint.add(batch, batch.records.front());
    }
    const auto findings = lint.findings();
    QCOMPARE(findings.size(), size_t(there ? 0 : 1));
    if (there) continue;
    QVERIFY(findings[0].kind == detection::LintKind::NoValue);
    QVERIFY(findings[0].text.find("'user'") != std::string::npos);
  }
}

void TestDistinct::anotherDistinctBeginsAnew() {
  detection::Detector before(compile(kUsers));
  before.feed(batchOf("refused user=a", 0s, 0));
  before.feed(batchOf("refused user=b", 1s, 1));
  detection::Detector after(compile(
      "{id: a, match: refused, group_by: host, threshold: {count: 3, window_seconds: 60, distinct: path}}"));
  QVERIFY(after.restore(before.snapshot()).has_value());
  QVERIFY(after.snapshot().find("refused") == std::string::npos);
}

void TestDistinct::whatIsExtractedCountsToo() {
  const auto set = compile(
      "{id: a, match: refused, extract: ['as (?P<who>\\w+)', 'by (?P<who>\\w+)'], "
      "threshold: {count: 2, window_seconds: 60, distinct: who}}");
  detection::Detector detector(set);
  QVERIFY(detector.feed(batchOf("refused", 0s, 0)).empty());
  QVERIFY(detector.feed(batchOf("refused as x by y", 1s, 1)).empty());
  QVERIFY(detector.feed(batchOf("refused by x", 2s, 2)).empty());
  const auto events = detector.feed(batchOf("refused by y", 3s, 3));
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events[0].captures.at("who"), std::string("y"));
  const auto again = compile(detection::toYaml(set->documents().front()));
  QCOMPARE(again->documents().front().select.extract.size(), size_t(2));
  const auto broken = compile("{id: a, match: x, extract: ['(x']}");
  QVERIFY(broken->problems().front().reason.find("extract: missing )") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestDistinct)
#include "tst_detection_distinct.moc"
