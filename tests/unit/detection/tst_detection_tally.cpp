// Who came how often: what a tally counts, that it is bounded, and that a restart changes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "detection/detector.h"
#include "detection/pattern.h"
#include "detection/tally.h"
#include "parsing/line_parser.h"
#include "support/event_builder.h"

using namespace aiops;
using namespace std::chrono_literals;
using test::at;

namespace {

constexpr const char* kPattern = R"(
id: guessing
match: 'failed for (?P<invalid>invalid )?(?P<user>\w+) from (?P<peer>[\d.]+)'
threshold: {count: 3, window_seconds: 60}
tally: {by: peer, with: user, mark: invalid}
group_by: service
cooldown_seconds: 10
)";

std::shared_ptr<const detection::PatternSet> compiled(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "test", problems);
  return detection::PatternSet::compile(std::move(documents), std::move(problems));
}

std::vector<model::Event> feed(detection::Detector& detector, double second, const std::string& message) {
  model::LogBatch batch;
  batch.source = "/log";
  batch.service = "sshd";
  batch.bytes = std::make_unique<std::string>(base::toIso8601(at(second)) + " WARN " + message);
  parsing::LineParser parser;
  batch.records.push_back(parser.parse(*batch.bytes, at(second), batch));
  batch.records.back().position.offset = static_cast<uint64_t>(second * 1000);
  return detector.feed(batch);
}

std::string textOf(const model::Event& event) {
  std::string out;
  for (const auto& row : event.tally) {
    out += row.value + "=" + std::to_string(row.count) + "/" + std::to_string(row.marked);
    for (const auto& with : row.with) out += " " + with;
    out += ";";
  }
  return out;
}

}  // namespace

class TestDetectionTally : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void refusesWhatCanNotBeCounted() {
    QCOMPARE(compiled("id: a\nmatch: x\ntally: {with: user}\n")->size(), size_t(0));
    QCOMPARE(compiled("id: a\ntype: anomaly\nmatch: x\ncondition: {of: rate}\ntally: {by: user}\n")->size(),
             size_t(0));
    QCOMPARE(compiled("id: a\nmatch: x\ntally: {by: user, of: b}\n")->size(), size_t(0));
    QCOMPARE(compiled(kPattern)->size(), size_t(1));
  }
  void countsAlsoWhatCameBeforeItFired() {
    detection::Detector detector(compiled(kPattern));
    QVERIFY(feed(detector, 1, "failed for root from 203.0.113.7").empty());
    QVERIFY(feed(detector, 2, "failed for invalid bob from 203.0.113.8").empty());
    auto events = feed(detector, 3, "failed for root from 203.0.113.7");
    QCOMPARE(events.size(), size_t(1));
    QCOMPARE(textOf(events[0]), std::string("203.0.113.7=2/0 root;203.0.113.8=1/1 bob;"));
    for (int i = 4; i < 14; ++i) events = feed(detector, i, "failed for admin from 203.0.113.8");
    QCOMPARE(events.size(), size_t(1));
    QCOMPARE(textOf(events[0]), std::string("203.0.113.8=11/1 admin bob;203.0.113.7=2/0 root;"));
    QVERIFY(events[0].tally[0].last == at(13));
  }
  void aRunEndsWithQuiet() {
    detection::Detector detector(compiled(kPattern));
    for (int i = 0; i < 5; ++i) feed(detector, i, "failed for root from 203.0.113.7");
    std::vector<model::Event> events;
    for (int i = 100; i < 103; ++i) events = feed(detector, i, "failed for root from 203.0.113.9");
    QCOMPARE(events.size(), size_t(1));
    QCOMPARE(textOf(events[0]), std::string("203.0.113.9=3/0 root;"));
  }
  void aRestartChangesNothing() {
    detection::Detector whole(compiled(kPattern)), before(compiled(kPattern)), after(compiled(kPattern));
    std::vector<model::Event> expected, events;
    for (int i = 0; i < 40; ++i) {
      const auto line = "failed for u" + std::to_string(i % 3) + " from 203.0.113." + std::to_string(i % 7);
      auto& half = i < 20 ? before : after;
      if (i == 20) QVERIFY(after.restore(before.snapshot(), {}));
      expected = feed(whole, i, line);
      events = feed(half, i, line);
      QCOMPARE(events.size(), expected.size());
      if (!events.empty())
        QCOMPARE(QString::fromStdString(textOf(events[0])), QString::fromStdString(textOf(expected[0])));
    }
  }
  void isBoundedAndKeepsWhatComesOften() {
    detection::ValueTally tally;
    uint64_t all = 0;
    for (int i = 0; i < 20'000; ++i, ++all) {
      const auto address = i % 4 == 0 ? std::string("busy") : "one-" + std::to_string(i);
      tally.add(at(i * 0.001), 60s, address, "user" + std::to_string(i), false);
    }
    const auto rows = tally.rows();
    QCOMPARE(rows.size(), detection::ValueTally::kMostTold);
    QCOMPARE(rows[0].value, std::string("busy"));
    QCOMPARE(rows[0].count, uint64_t(5000));
    QCOMPARE(rows[0].with.size(), detection::ValueTally::kMostWithTold);
    QCOMPARE(rows[0].withCount, uint64_t(detection::ValueTally::kMostWith));
    uint64_t told = tally.others();
    for (const auto& row : rows) told += row.count;
    QCOMPARE(told, all);
    QVERIFY(tally.rows(10'000).size() <= detection::ValueTally::kMostValues);
  }
};

QTEST_GUILESS_MAIN(TestDetectionTally)
#include "tst_detection_tally.moc"
