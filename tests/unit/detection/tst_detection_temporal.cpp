// Conditions over time on generated streams with known truth: what happens is told once, what doesn't never.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <cmath>
#include <random>

#include "detection/detector.h"
#include "parsing/line_parser.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-11-22T20:00:00Z");

struct Line {
  base::Duration at;
  std::string text;
};

class Feed {
 public:
  explicit Feed(const std::string& yaml, detection::DetectorOptions options = {}) {
    std::vector<detection::PatternProblem> problems;
    auto documents = detection::parsePatterns(yaml, "p", problems);
    auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
    for (const auto& problem : set->problems()) qWarning("%s", problem.text().c_str());
    m_detector = std::make_unique<detection::Detector>(set, std::move(options));
  }

  std::vector<model::Event> line(base::Duration at, const std::string& text,
                                 const std::string& service = "svc") {
    model::LogBatch batch;
    batch.source = "/log";
    batch.service = service;
    batch.bytes = std::make_unique<std::string>(text);
    auto record = m_parser.parse(*batch.bytes, kStart + at, batch);
    record.eventTime = record.ingestTime = kStart + at;
    record.position = {1, m_offset, static_cast<uint32_t>(text.size()), ++m_lines};
    m_offset += text.size() + 1;
    batch.records.push_back(record);
    return m_detector->feed(batch);
  }
  std::vector<model::Event> advance(base::Duration to) { return m_detector->advance(kStart + to); }
  /// All events of the lines, and of the time until `end`.
  std::vector<model::Event> all(const std::vector<Line>& lines, base::Duration end) {
    std::vector<model::Event> out;
    for (const auto& one : lines) std::ranges::move(line(one.at, one.text), std::back_inserter(out));
    std::ranges::move(advance(end), std::back_inserter(out));
    return out;
  }
  detection::Detector& detector() { return *m_detector; }

 private:
  std::unique_ptr<detection::Detector> m_detector;
  parsing::LineParser m_parser;
  uint64_t m_offset = 0, m_lines = 0;
};

std::string pattern(const std::string& condition, const std::string& rest = "match: x") {
  return "{id: a, type: temporal, cooldown_seconds: 1, " + rest + ", condition: {" + condition + "}}";
}

/// Records of a Poisson process of `rate` a second.
std::vector<Line> poisson(std::mt19937& rng, double rate, base::Duration from, base::Duration to) {
  std::exponential_distribution<double> gap(rate);
  std::vector<Line> lines;
  auto at = from;
  while (true) {
    at += std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(gap(rng)));
    if (at >= to) return lines;
    lines.push_back({at, "x"});
  }
}

std::vector<Line> values(int count, base::Duration step, const std::function<double(int)>& value) {
  std::vector<Line> lines;
  for (int i = 0; i < count; ++i) lines.push_back({i * step, "rss_mb=" + std::to_string(value(i))});
  return lines;
}

struct Score {
  int found = 0, missed = 0, falsely = 0;
};

/// A figure of 0.99 or better for both.
bool good(const Score& score) {
  const double all = score.found + score.missed, told = score.found + score.falsely;
  return all > 0 && score.found >= 0.99 * all && score.found >= 0.99 * told;
}

}  // namespace

class TestTemporal : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSpikeIsToldAtOnceAndOnce();
  void spikesOfNoisyStreams();
  void aSpikeOfAValue();
  void aRateThatLasts();
  void ratesOfNoisyStreams();
  void aValueThatStaysHigh();
  void memoryThatGrows();
  void growthOfNoisySeries();
  void everyNumberOfAServiceIsWatched();
  void aMissedBeat();
  void beatsOfNoisyJobs();
  void absenceIsTold();
  void theOrderOfLateLinesDoesNotMatter();
  void aRestoredConditionGoesOn();
  void windowsOfDaysStaySmall();
};

void TestTemporal::aSpikeIsToldAtOnceAndOnce() {
  Feed feed(pattern("condition_type: spike, window_size: 100, threshold: 3"));
  for (int i = 0; i < 300; ++i) QVERIFY(feed.line(i * 1s, "x").empty());
  std::vector<model::Event> events;
  for (int i = 0; i < 100; ++i)
    std::ranges::move(feed.line(301s + i * 50ms, "x"), std::back_inserter(events));
  QCOMPARE(events.size(), size_t(1));
  QVERIFY(events.front().last < kStart + 304s);  // not only when the part is over
  QVERIFY(events.front().captures.at("explanation").find("are usual") != std::string::npos);
  for (int i = 310; i < 700; ++i) QVERIFY(feed.line(i * 1s, "x").empty());
}

void TestTemporal::spikesOfNoisyStreams() {
  std::mt19937 rng(1);
  Score score;
  for (int round = 0; round < 150; ++round) {
    const bool spike = round % 2 == 0;
    Feed feed(pattern("condition_type: spike, window_size: 100, threshold: 3"));
    auto lines = poisson(rng, 2, 0s, 900s);
    if (spike) std::ranges::move(poisson(rng, 10, 600s, 615s), std::back_inserter(lines));
    std::ranges::stable_sort(lines, {}, &Line::at);
    bool told = false;
    for (const auto& event : feed.all(lines, 900s)) {
      const bool right = spike && event.last >= kStart + 600s && event.last <= kStart + 630s;
      told = told || right;
      if (!right) ++score.falsely;
    }
    score.found += told;
    score.missed += spike && !told;
  }
  QVERIFY2(good(score), QByteArray::number(score.found) + ' ' + QByteArray::number(score.missed) + ' ' +
                            QByteArray::number(score.falsely));
}

void TestTemporal::aSpikeOfAValue() {
  std::mt19937 rng(2);
  std::normal_distribution<double> noise(100, 8);
  Feed feed(pattern("condition_type: spike, window_size: 60, threshold: 3", "field: ms"));
  for (int i = 0; i < 600; ++i) QVERIFY(feed.line(i * 1s, "ms=" + std::to_string(noise(rng))).empty());
  const auto events = feed.line(600s, "ms=450.5");
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events.front().captures.at("value"), std::string("450.5"));
  for (int i = 601; i < 900; ++i) QVERIFY(feed.line(i * 1s, "ms=" + std::to_string(noise(rng))).empty());
}

void TestTemporal::aRateThatLasts() {
  const auto yaml = pattern("condition_type: sustained_rate, window_size: 60, threshold: 1");
  const auto steady = [](double rate, int seconds) {
    std::vector<Line> lines;
    for (int i = 0; i < rate * seconds; ++i)
      lines.push_back({std::chrono::milliseconds(static_cast<int>(i * 1000 / rate)), "x"});
    return lines;
  };
  QCOMPARE(Feed(yaml).all(steady(0.9, 600), 700s).size(), size_t(0));
  QCOMPARE(Feed(yaml).all(steady(1, 55), 700s).size(), size_t(0));
  const auto events = Feed(yaml).all(steady(1, 75), 700s);
  QCOMPARE(events.size(), size_t(1));
  QVERIFY(events.front().first >= kStart + 60s && events.front().first <= kStart + 72s);
  // It is told again after each window in which it lasts.
  QCOMPARE(Feed(yaml).all(steady(2, 300), 700s).size(), size_t(5));
}

void TestTemporal::ratesOfNoisyStreams() {
  std::mt19937 rng(3);
  Score score;
  for (int round = 0; round < 100; ++round) {
    const bool high = round % 2 == 0;
    Feed feed(pattern("condition_type: sustained_rate, window_size: 120, threshold: 2"));
    auto lines = poisson(rng, 0.6, 0s, 1200s);
    if (high) std::ranges::move(poisson(rng, 6, 500s, 700s), std::back_inserter(lines));
    std::ranges::stable_sort(lines, {}, &Line::at);
    const auto events = feed.all(lines, 1300s);
    score.found += high && !events.empty();
    score.missed += high && events.empty();
    for (const auto& event : events)
      score.falsely += !high || event.last < kStart + 600s || event.last > kStart + 720s;
  }
  QVERIFY(good(score));
}

void TestTemporal::aValueThatStaysHigh() {
  const auto yaml =
      pattern("condition_type: sustained_rate, window_size: 100, threshold: 90", "field: rss_mb");
  QCOMPARE(Feed(yaml).all(values(60, 5s, [](int i) { return i % 10 == 9 ? 80 : 95; }), 400s).size(),
           size_t(0));
  QCOMPARE(Feed(yaml).all(values(24, 5s, [](int) { return 95; }), 400s).size(), size_t(1));
}

void TestTemporal::memoryThatGrows() {
  const auto yaml =
      pattern("window_size: 3600, condition_type: sustained_growth, threshold: 0.8", "field: rss_mb");
  const auto told = [&](const std::function<double(int)>& value) {
    return Feed(yaml).all(values(240, 30s, value), 8000s);  // two hours
  };
  const auto events = told([](int i) { return 500 + i; });
  QVERIFY(!events.empty());
  QVERIFY(events.front().first >= kStart + 3300s && events.front().first <= kStart + 4000s);
  QVERIFY(told([](int) { return 500; }).empty());
  QVERIFY(told([](int i) { return 500 - i; }).empty());
  QVERIFY(told([](int i) { return 500 + i % 60; }).empty());         // a saw
  QVERIFY(told([](int i) { return 500 + 0.1 * i; }).empty());        // too little to matter
  QVERIFY(told([](int i) { return i < 120 ? 500 : 900; }).empty());  // a step
}

void TestTemporal::growthOfNoisySeries() {
  std::mt19937 rng(4);
  std::normal_distribution<double> noise(0, 15);
  Score score;
  for (int round = 0; round < 160; ++round) {
    const bool grows = round % 2 == 0;
    Feed feed(pattern("window_size: 600, condition_type: sustained_growth, threshold: 0.8", "field: rss_mb"));
    const auto events =
        feed.all(values(240, 5s, [&](int i) { return 500 + noise(rng) + (grows ? i * 0.9 : 0); }), 1300s);
    score.found += grows && !events.empty();
    score.missed += grows && events.empty();
    score.falsely += grows ? 0 : static_cast<int>(events.size());
  }
  QVERIFY(good(score));
}

void TestTemporal::everyNumberOfAServiceIsWatched() {
  detection::DetectorOptions options;
  options.temporalWindow = 600s;
  Feed feed(
      "{\"name\":\"Memory Leak Detection\",\"type\":\"temporal\",\"condition\":{"
      "\"condition_type\":\"sustained_growth\",\"threshold\":0.8}}",
      options);
  std::vector<model::Event> events;
  for (int i = 0; i < 400; ++i) {
    const auto line = "level=info msg=stats heap_mb=" + std::to_string(100 + i) +
                      " conns=" + std::to_string(i % 7) + " request_id=" + std::to_string(i * 10);
    std::ranges::move(feed.line(i * 3s, line), std::back_inserter(events));
  }
  QVERIFY(!events.empty());
  for (const auto& event : events) QCOMPARE(event.key, std::string("heap_mb"));
  QCOMPARE(events.front().patternId, std::string("memory-leak-detection"));
  QVERIFY(!events.front().evidence.empty());
}

void TestTemporal::aMissedBeat() {
  Feed feed(pattern("condition_type: periodic"));
  for (int i = 0; i < 10; ++i) QVERIFY(feed.line(i * 60s, "x").empty());
  const auto events = feed.advance(690s);
  QCOMPARE(events.size(), size_t(1));
  QVERIFY(events.front().last == kStart + 600s);
  QVERIFY(feed.advance(3000s).empty());  // told once
  for (int i = 51; i < 60; ++i) QVERIFY(feed.line(i * 60s, "x").empty());
  QCOMPARE(feed.advance(4000s).size(), size_t(1));
}

/// Jobs that write some lines each time, and start a little late or early.
void TestTemporal::beatsOfNoisyJobs() {
  std::mt19937 rng(5);
  Score score;
  for (int round = 0; round < 100; ++round) {
    const int missing = round % 2 == 0 ? 20 + static_cast<int>(rng() % 10) : -1;
    Feed feed(pattern("condition_type: periodic"));
    std::vector<Line> lines;
    for (int i = 0; i < 40; ++i) {
      if (i == missing) continue;
      const auto at = i * 300s + std::chrono::seconds(rng() % 15);
      for (uint32_t n = 1 + rng() % 3; n-- > 0;)
        lines.push_back({at + std::chrono::milliseconds(rng() % 2000), "x"});
    }
    std::ranges::stable_sort(lines, {}, &Line::at);
    const auto events = feed.all(lines, 40 * 300s);
    bool told = false;
    for (const auto& event : events) {
      const auto off = std::chrono::abs(event.last - (kStart + missing * 300s));
      if (missing >= 0 && off < 60s)
        told = true;
      else
        ++score.falsely;
    }
    score.found += told;
    score.missed += missing >= 0 && !told;
  }
  // A stream without a beat has none to miss.
  for (int round = 0; round < 20; ++round) {
    const auto lines = poisson(rng, 0.02, 0s, 20'000s);
    score.falsely += static_cast<int>(Feed(pattern("condition_type: periodic")).all(lines, 20'000s).size());
  }
  QVERIFY2(good(score), QByteArray::number(score.found) + ' ' + QByteArray::number(score.missed) + ' ' +
                            QByteArray::number(score.falsely));
}

void TestTemporal::absenceIsTold() {
  Feed feed(pattern("condition_type: absence, window_size: 30", "match: backup"));
  QVERIFY(feed.advance(100s).empty());  // not seen yet: nothing is missed
  QVERIFY(feed.line(200s, "backup").empty());
  QVERIFY(feed.line(230s, "backup").empty());
  QVERIFY(feed.line(265s, "else").empty());  // one of 259 s may still come
  const auto events = feed.line(266s, "else");
  QCOMPARE(events.size(), size_t(1));
  QVERIFY(events.front().last == kStart + 260s);
  QVERIFY(events.front().evidence.front().text == "backup");
  QVERIFY(feed.line(500s, "else").empty());
  QVERIFY(feed.line(510s, "backup").empty());
  QCOMPARE(feed.advance(600s).size(), size_t(1));
}

void TestTemporal::theOrderOfLateLinesDoesNotMatter() {
  std::mt19937 rng(6);
  auto lines = poisson(rng, 3, 0s, 400s);
  std::ranges::move(poisson(rng, 20, 200s, 260s), std::back_inserter(lines));
  std::ranges::stable_sort(lines, {}, &Line::at);
  auto shuffled = lines;
  for (size_t i = 0; i + 8 < shuffled.size(); i += 8)
    std::shuffle(shuffled.begin() + static_cast<ptrdiff_t>(i),
                 shuffled.begin() + static_cast<ptrdiff_t>(i) + 8, rng);
  const auto yaml = pattern("condition_type: sustained_rate, window_size: 40, threshold: 8");
  const auto times = [](const std::vector<model::Event>& events) {
    std::vector<base::TimePoint> out;
    for (const auto& event : events) out.push_back(event.last);
    return out;
  };
  const auto straight = times(Feed(yaml).all(lines, 500s)), late = times(Feed(yaml).all(shuffled, 500s));
  QVERIFY(!straight.empty());
  QVERIFY(straight == late);
}

void TestTemporal::aRestoredConditionGoesOn() {
  for (const auto& yaml :
       {pattern("condition_type: spike, window_size: 50"),
        pattern("condition_type: sustained_rate, window_size: 20, threshold: 3"),
        pattern("condition_type: sustained_growth, window_size: 60"), pattern("condition_type: periodic"),
        pattern("condition_type: absence, window_size: 9"),
        pattern("condition_type: sustained_growth, window_size: 60", "field: v")}) {
    std::mt19937 rng(7);
    Feed whole(yaml), second(yaml);
    std::vector<std::string> expected, got;
    base::Duration at = 0s;
    for (int i = 0; i < 1500; ++i) {
      at += std::chrono::milliseconds(100 + rng() % (i % 300 < 60 ? 200 : 1500));
      if (i % 400 == 399) at += 15s;
      const auto text = "x v=" + std::to_string(100 + i % 300) + (i % 11 == 0 ? " \xff" : "");
      for (const auto& event : whole.line(at, text)) expected.push_back(event.id.str());
      if (i % 97 == 0) QVERIFY(second.detector().restore(second.detector().snapshot()).has_value());
      for (const auto& event : second.line(at, text)) got.push_back(event.id.str());
    }
    for (const auto& event : whole.advance(at + 60s)) expected.push_back(event.id.str());
    for (const auto& event : second.advance(at + 60s)) got.push_back(event.id.str());
    QVERIFY2(expected == got, yaml.c_str());
  }
}

void TestTemporal::windowsOfDaysStaySmall() {
  Feed feed(pattern("condition_type: spike, window_size: 2592000"));
  for (int i = 0; i < 60'000; ++i) feed.line(i * 60s, "x");
  QVERIFY(feed.detector().snapshot().size() < 4000);
}

QTEST_GUILESS_MAIN(TestTemporal)

#include "tst_detection_temporal.moc"
