// Hostile pattern documents and hostile states of windows: real ones cut, repeated, spliced and overwritten.
// What has to hold: no crash, a refusal says why, what was read is written and read back as the same, and
// what compiles can be run. Fixed seed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <array>
#include <random>

#include "detection/detector.h"
#include "detection/pattern.h"
#include "detection/pattern_schema.h"
#include "parsing/line_parser.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

constexpr size_t kDocuments = 10'000, kStates = 1'000, kRunEvery = 25;
const base::TimePoint kIngest{1795379723s};

constexpr std::array<std::string_view, 8> kSeeds = {
    "id: a\nmatch: 'no (?P<what>space|room) left'\nthreshold: {count: 3, window_seconds: 10}\n"
    "group_by: what\nsamples: {match: ['no room left'], no_match: [x]}\n",
    "id: b\nall: [{path: '^/c'}, {any: [{ms: {above: 2000}}, {status: '^5'}]}]\nnot: [{agent: health}]\n"
    "fields: {code: '4'}\nlevel_at_least: warning\nexclude: [a, 'b|c']\nservice: 'w*'\n",
    "id: c\ntype: fuzzy\ncondition: {text: 'connection pool is exhausted after 30 seconds', similarity: "
    "0.75}\n",
    "id: d\ntype: fuzzy\nfield: message\ncondition: {text: 'disk is full', max_edits: 2}\n",
    "id: e\ntype: sequence\ngroup_by: o\ncondition:\n  within_seconds: 30\n  in_order: true\n  steps:\n"
    "    - {name: asked, match: 'charging (?P<o>\\d+)', at_least: 2, at_most: 4}\n"
    "    - {name: answered, match: 'charged (?P<o__2>\\d+)', missing: true}\n",
    "name: F\ntype: temporal\nfield: rss\ncooldown_seconds: 600\n"
    "condition: {window_size: 100, condition_type: sustained_growth, threshold: 0.8}\n",
    "id: g\ntype: anomaly\ncondition: {of: value, value: ms, direction: up, sensitivity: 2, bucket_seconds: "
    "5}\n",
    "[{\"id\": \"h\", \"match\": \"x{1,9}\"}, {\"id\": \"i\", \"type\": \"anomaly\", \"condition\": {\"of\": "
    "\"new_template\"}}]",
};

constexpr std::array<std::string_view, 18> kSplices = {
    "all: &a [*a]\n", "%{A:b}", "'", "\"", "\\", "[", "]", "{", "}", ": ", "\n", "- ", "&a", "*a", "!!", "~",
    "(?:a{9}){9}",    "#"};

std::string mutated(std::string text, std::mt19937_64& random) {
  const auto pick = [&](size_t below) { return static_cast<size_t>(random() % below); };
  for (size_t i = pick(5); i > 0 && !text.empty(); --i) {
    const size_t at = pick(text.size());
    switch (pick(7)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        text.erase(at, pick(12));
        break;
      case 2:
        text.insert(at, kSplices[pick(kSplices.size())]);
        break;
      case 3:
        text[at] = static_cast<char>(random());
        break;
      case 4:
        text += kSeeds[pick(kSeeds.size())];
        break;
      case 5:
        text.insert(at, text.substr(at, pick(60)));
        break;
      default:
        text.insert(at, std::to_string(static_cast<int64_t>(random())));
        break;
    }
  }
  return text;
}

/// Lines that the seeds look for, second by second.
std::vector<model::Event> run(detection::Detector& detector, int seconds) {
  std::vector<model::Event> events;
  parsing::LineParser parser;
  for (int i = 0; i < seconds; ++i) {
    model::LogBatch batch;
    const auto number = std::to_string(i);
    batch.bytes = std::make_shared<std::string>(
        "2026-11-22T20:" + std::to_string(10 + i / 60) + ":" + std::to_string(10 + i % 50) +
        "Z ERROR w: no room left, charging " + number + " rss=" + std::to_string(100 * i) + " ms=" + number +
        " disk is ful");
    auto record = parser.parse(*batch.bytes, kIngest, batch);
    batch.service = "w";
    batch.records.push_back(std::move(record));
    for (auto& event : detector.feed(batch)) events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

class FuzzPatterns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void documents();
  void states();
};

void FuzzPatterns::documents() {
  std::mt19937_64 random(20261128);
  size_t read = 0, ran = 0;
  for (size_t i = 0; i < kDocuments; ++i) {
    const auto text = mutated(std::string(kSeeds[random() % kSeeds.size()]), random);
    std::vector<detection::PatternProblem> problems;
    auto documents = detection::parsePatterns(text, "fuzz", problems);
    for (const auto& problem : problems) QVERIFY2(!problem.reason.empty(), text.c_str());
    for (const auto& document : documents) {
      const auto yaml = detection::toYaml(document);
      std::vector<detection::PatternProblem> wrong;
      const auto again = detection::parsePatterns(yaml, "again", wrong);
      QVERIFY2(wrong.empty() && again.size() == 1, (text + "\n=>\n" + yaml).c_str());
      QCOMPARE(QString::fromStdString(detection::toYaml(again.front())), QString::fromStdString(yaml));
      ++read;
    }
    if (i % kRunEvery != 0 || documents.empty()) continue;
    const auto set = detection::PatternSet::compile(std::move(documents));
    for (const auto& problem : set->problems()) QVERIFY2(!problem.reason.empty(), text.c_str());
    detection::Detector detector(set);
    run(detector, 20);
    ++ran;
  }
  QVERIFY2(read > kDocuments / 10 && ran > 20, qPrintable(QString::number(read)));
}

void FuzzPatterns::states() {
  std::vector<detection::PatternDocument> documents;
  std::vector<detection::PatternProblem> problems;
  for (const auto seed : kSeeds) {
    for (auto& one : detection::parsePatterns(seed, "seed", problems)) documents.push_back(std::move(one));
  }
  QVERIFY(problems.empty());
  const auto set = detection::PatternSet::compile(std::move(documents));
  detection::Detector whole(set);
  run(whole, 60);
  const auto state = whole.snapshot();
  std::mt19937_64 random(7);
  size_t taken = 0;
  for (size_t i = 0; i < kStates; ++i) {
    detection::Detector detector(set);
    const auto restored = detector.restore(i == 0 ? state : mutated(state, random));
    if (!restored) QVERIFY(!restored.error().what.empty());
    taken += restored.has_value();
    run(detector, 5);
    QVERIFY(!detector.snapshot().empty());
  }
  QVERIFY(taken > 0);
}

QTEST_APPLESS_MAIN(FuzzPatterns)
#include "tst_fuzz_patterns.moc"
