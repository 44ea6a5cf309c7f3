// Patterns of what is not as it usually is, on generated streams: rates, values, silence, new and shifting
// messages. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <array>
#include <random>

#include "detection/detector.h"
#include "detection/template_miner.h"
#include "parsing/line_parser.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-11-22T20:00:00Z");

class Feed {
 public:
  explicit Feed(const std::string& condition, const std::string& rest = {}, int cooldown = 1) {
    std::vector<detection::PatternProblem> problems;
    auto documents =
        detection::parsePatterns("{id: a, type: anomaly, cooldown_seconds: " + std::to_string(cooldown) +
                                     ", " + rest + "condition: {" + condition + "}}",
                                 "p", problems);
    auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
    for (const auto& problem : set->problems()) qWarning("%s", problem.text().c_str());
    m_detector = std::make_unique<detection::Detector>(set);
  }
  size_t line(base::Duration at, const std::string& text) {
    model::LogBatch batch;
    batch.source = "/log";
    batch.service = "svc";
    batch.bytes = std::make_unique<std::string>(text);
    auto record = m_parser.parse(*batch.bytes, kStart + at, batch);
    record.eventTime = record.ingestTime = kStart + at;
    record.position = {1, m_offset, static_cast<uint32_t>(text.size()), ++m_lines};
    m_offset += text.size() + 1;
    batch.records.push_back(record);
    return keep(m_detector->feed(batch));
  }
  size_t advance(base::Duration to) { return keep(m_detector->advance(kStart + to)); }
  detection::Detector& detector() { return *m_detector; }
  std::vector<model::Event> events;

 private:
  size_t keep(std::vector<model::Event> fresh) {
    std::ranges::move(fresh, std::back_inserter(events));
    return fresh.size();
  }

  std::unique_ptr<detection::Detector> m_detector;
  parsing::LineParser m_parser;
  uint64_t m_offset = 0, m_lines = 0;
};

/// Lines of a Poisson process, into `feed`; how many events they raise.
size_t flow(Feed& feed, std::mt19937& rng, double rate, base::Duration from, base::Duration to) {
  std::exponential_distribution<double> gap(rate);
  size_t events = 0;
  for (auto at = from;;) {
    at += std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(gap(rng)));
    if (at >= to) return events;
    events += feed.line(at, "a request was served");
  }
}

}  // namespace

class TestAnomaly : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRateThatChangesIsToldOnce();
  void aValueBeyondTheUsual();
  void aValueThatTheExpressionCaptures();
  void aFallDoesNotKeepARiseQuiet();
  void onlyTheAskedDirection();
  void silence();
  void aMessageNeverSeenBefore();
  void aSplitIsNothingNew();
  void messagesThatComeMoreOften();
  void aRestoredBaselineGoesOn();
};

void TestAnomaly::aRateThatChangesIsToldOnce() {
  std::mt19937 rng(1);
  Feed feed("of: rate, bucket_seconds: 10");
  QCOMPARE(flow(feed, rng, 5, 0s, 900s), size_t(0));  // warm-up
  const auto before = flow(feed, rng, 5, 900s, 6000s);
  QVERIFY2(before <= 3, QByteArray::number(static_cast<int>(before)));  // 1 of 158 buckets at most
  const auto after = flow(feed, rng, 50, 6000s, 9000s);
  QVERIFY(after >= 1 && after <= 3);
  QVERIFY(feed.events.back().captures.at("explanation").find("is usual") != std::string::npos);
  const auto change =
      std::ranges::find_if(feed.events, [](const auto& event) { return event.last >= kStart + 6000s; });
  QVERIFY(change->last <= kStart + 6030s);
}

void TestAnomaly::aValueBeyondTheUsual() {
  std::mt19937 rng(2);
  std::normal_distribution<double> noise(120, 10);
  Feed feed("of: value, value: ms");
  size_t before = 0;
  for (int i = 0; i < 2000; ++i) before += feed.line(i * 1s, "ms=" + std::to_string(noise(rng)));
  QVERIFY(before <= 12);
  QCOMPARE(feed.line(2000s, "ms=900"), size_t(1));
  QCOMPARE(feed.events.back().captures.at("value"), std::string("900"));
  QCOMPARE(feed.line(2001s, "ms=abc") + feed.line(2002s, "nothing"), size_t(0));
}

/// As most logs say it: no field, but words around a number.
void TestAnomaly::aValueThatTheExpressionCaptures() {
  Feed feed("of: value, value: ms", "match: 'served in (?P<ms>\\d+) ms', ");
  for (int i = 0; i < 300; ++i)
    QCOMPARE(feed.line(i * 1s, "request served in " + std::to_string(40 + i % 7) + " ms"), size_t(0));
  QCOMPARE(feed.line(300s, "request served in 900 ms"), size_t(1));
}

/// The cool-down of what was unusual in one direction says nothing of the other.
void TestAnomaly::aFallDoesNotKeepARiseQuiet() {
  Feed feed("of: value, value: ms", "group_by: service, ", 3600);
  std::mt19937 rng(5);
  std::normal_distribution<double> noise(120, 5);
  size_t before = 0;
  for (int i = 0; i < 500; ++i) before += feed.line(i * 1s, "ms=" + std::to_string(noise(rng)));
  QCOMPARE(feed.line(500s, "ms=1"), size_t(1));
  for (int i = 501; i < 800; ++i) before += feed.line(i * 1s, "ms=" + std::to_string(noise(rng)));
  QCOMPARE(feed.line(800s, "ms=900"), size_t(1));
  QCOMPARE(feed.events.back().captures.at("value"), std::string("900"));
  QCOMPARE(before, size_t(0));
}

void TestAnomaly::onlyTheAskedDirection() {
  std::mt19937 rng(3);
  std::normal_distribution<double> noise(120, 10);
  for (const auto& [value, told] : {std::pair{"ms=900", size_t(0)}, std::pair{"ms=1", size_t(1)}}) {
    Feed feed("of: value, value: ms, direction: down");
    for (int i = 0; i < 1000; ++i) feed.line(i * 1s, "ms=" + std::to_string(noise(rng)));
    QCOMPARE(feed.line(1000s, value), told);
  }
}

void TestAnomaly::silence() {
  Feed feed("of: silence");
  for (int i = 0; i < 100; ++i) QCOMPARE(feed.line(i * 2s, "x"), size_t(0));
  QCOMPARE(feed.advance(209s), size_t(0));
  QCOMPARE(feed.advance(210s), size_t(1));  // three times two seconds, and five that lines may be late
  QCOMPARE(feed.advance(900s), size_t(0));
  QCOMPARE(feed.line(1000s, "x"), size_t(0));
  QCOMPARE(feed.advance(1100s), size_t(1));
}

void TestAnomaly::aMessageNeverSeenBefore() {
  Feed feed("of: new_template", "level_at_least: info, ");
  for (int i = 0; i < 1500; ++i) {
    QCOMPARE(feed.line(i * 1s, "request " + std::to_string(i) + (i % 3 ? " was served" : " was cached")),
             size_t(0));
  }
  QCOMPARE(feed.line(1500s, "request 1500 was served"), size_t(0));
  QCOMPARE(feed.line(1501s, "assertion failed in module 7 of the parser"), size_t(1));
  QCOMPARE(feed.events.back().captures.at("template"),
           std::string("assertion failed in module <number> of the parser"));
  QCOMPARE(feed.line(1502s, "assertion failed in module 9 of the parser"), size_t(0));
}

/// A place behind a colon is taken for a variable early, and for a choice once it has shown three words for
/// long.
void TestAnomaly::aSplitIsNothingNew() {
  Feed feed("of: new_template");
  static const std::array<std::string, 3> kStates = {"up", "down", "testing"};
  std::mt19937 rng(6);
  size_t told = 0;
  for (int i = 0; i < 12'000; ++i)
    told += feed.line(i * 1s, "link state: " + kStates[rng() % 3] + " on port " + std::to_string(rng() % 48));
  QCOMPARE(told, size_t(0));
  QCOMPARE(feed.detector().templates().size(), size_t(3));
  QCOMPARE(feed.line(12'000s, "link state: lost on port 7"), size_t(1));
}

void TestAnomaly::messagesThatComeMoreOften() {
  std::mt19937 rng(4);
  Feed feed("of: template_share");
  size_t before = 0;
  const auto line = [&](int i, uint32_t percent) {
    return feed.line(i * 100ms, rng() % 100 < percent
                                    ? "the cache did not have key " + std::to_string(rng() % 999)
                                    : "the cache had key " + std::to_string(rng() % 999));
  };
  for (int i = 0; i < 60'000; ++i) before += line(i, 5);
  QVERIFY(before <= 3);
  size_t after = 0;
  for (int i = 60'000; i < 61'000; ++i) after += line(i, 60);
  QVERIFY(after >= 1 && after <= 2);
  QVERIFY(feed.events.back().captures.at("template").starts_with("the cache"));
}

void TestAnomaly::aRestoredBaselineGoesOn() {
  for (const auto* condition : {"of: rate, bucket_seconds: 2", "of: value, value: v", "of: silence",
                                "of: new_template", "of: template_share"}) {
    std::mt19937 rng(5);
    Feed whole(condition), second(condition);
    base::Duration at = 0s;
    static const std::vector<std::string> kTexts = {"one thing", "another thing happened", "a third one"};
    for (int i = 0; i < 3000; ++i) {
      at += std::chrono::milliseconds(rng() % (i % 1000 < 900 ? 400 : 30));
      if (i % 700 == 699) at += 60s;
      const auto text =
          kTexts[rng() % (i < 2000 ? 2 : 3)] + " v=" + std::to_string(i % 1100 == 1099 ? 5000 : rng() % 50);
      if (i % 211 == 0) QVERIFY(second.detector().restore(second.detector().snapshot()).has_value());
      whole.line(at, text);
      second.line(at, text);
    }
    whole.advance(at + 90s);
    second.advance(at + 90s);
    QCOMPARE(second.events.size(), whole.events.size());
    for (size_t i = 0; i < whole.events.size(); ++i) QVERIFY(whole.events[i].id == second.events[i].id);
  }
}

QTEST_GUILESS_MAIN(TestAnomaly)

#include "tst_detection_anomaly.moc"
