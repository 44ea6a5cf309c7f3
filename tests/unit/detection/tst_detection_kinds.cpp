// Documents of every type: read, written and read again; conditions on fields, similar text, sequences.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <random>
#include <set>

#include "detection/detector.h"
#include "detection/fuzzy.h"
#include "detection/pattern_builder.h"
#include "detection/pattern_schema.h"
#include "parsing/line_parser.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-11-22T20:00:00Z");

std::vector<detection::PatternDocument> read(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  for (const auto& problem : problems) qWarning("%s", problem.text().c_str());
  return documents;
}

/// Feeds lines at given times into one pattern.
class Feed {
 public:
  explicit Feed(const std::string& yaml) : m_detector(detection::PatternSet::compile(read(yaml))) {}

  std::vector<model::Event> line(base::Duration at, const std::string& text) {
    model::LogBatch batch;
    batch.source = "/log";
    batch.service = "svc";
    batch.bytes = std::make_unique<std::string>(text);
    auto record = m_parser.parse(*batch.bytes, kStart + at, batch);
    record.eventTime = kStart + at;
    record.position = {1, m_offset, static_cast<uint32_t>(text.size()), ++m_lines};
    m_offset += text.size() + 1;
    batch.records.push_back(record);
    return m_detector.feed(batch);
  }
  std::vector<model::Event> advance(base::Duration to) { return m_detector.advance(kStart + to); }
  detection::Detector& detector() { return m_detector; }

 private:
  detection::Detector m_detector;
  parsing::LineParser m_parser;
  uint64_t m_offset = 0, m_lines = 0;
};

detection::Fuzzy::Match fuzzy(const std::string& text, const std::string& in, double similarity = 0.8) {
  return detection::Fuzzy({.text = text, .maxEdits = {}, .similarity = similarity}).match(in);
}

}  // namespace

class TestKinds : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void documentsSurviveWritingAndReading_data();
  void documentsSurviveWritingAndReading();
  void brokenDocumentsSayWhy_data();
  void brokenDocumentsSayWhy();
  void aNameIsEnough();
  void theBuilderGivesTheSameDocument();
  void conditionsCombine_data();
  void conditionsCombine();
  void changedWordingIsFound_data();
  void changedWordingIsFound();
  void editsAgreeWithTheReference();
  void similarTextIsFoundInTheStream();
  void aSequenceFiresOncePerStory();
  void aSequenceKeepsItsKeysApart();
  void aMissingStepFiresWhenTimeIsUp();
  void aLateStepSettles();
  void stepsInAnyOrder();
  void countsOfAStepAreLimited();
  void generatedStoriesAreAllFound();
  void aRestoredSequenceGoesOn();
};

void TestKinds::documentsSurviveWritingAndReading_data() {
  QTest::addColumn<QString>("yaml");
  const auto row = [](const char* name, const char* yaml) { QTest::newRow(name) << QString::fromUtf8(yaml); };
  row("regex", "{id: a, match: 'x: (?P<y>\\d+)', fields: {status: '^5'}, level_at_least: error}");
  row("conditions",
      "{id: a, all: [{status: '^5'}, {any: [{path: /pay}, {path: {equals: /cart}}]}], "
      "not: [{agent: probe}], any: [{ms: {above: 1.5, below: 9}}, {not: [{user: admin}]}]}");
  row("fuzzy", "{id: a, type: fuzzy, condition: {text: 'could not connect', similarity: 0.7}}");
  row("fuzzy by letters", "{id: a, type: fuzzy, field: message, condition: {text: refused, max_edits: 2}}");
  row("sequence",
      "{id: a, type: sequence, group_by: id, condition: {within_seconds: 5, in_order: true, steps: "
      "[{name: begin, match: 'begin (?P<id>\\d+)', at_least: 2, at_most: 3}, {match: 'end (?P<id>\\d+)', "
      "missing: true}]}}");
  row("temporal",
      "{\"name\":\"Memory Leak Detection\",\"type\":\"temporal\",\"condition\":{\"window_size\":3600,"
      "\"condition_type\":\"sustained_growth\",\"threshold\":0.8}}");
  row("temporal of a field", "{id: a, type: temporal, field: rss_mb, condition: {condition_type: spike}}");
  row("anomaly",
      "{id: a, type: anomaly, match: x, condition: {of: rate, bucket_seconds: 60, sensitivity: 2}}");
  row("threshold and all else",
      "{id: a, name: 'it''s', description: \"two\\nlines\", severity: critical, signal: s, service: 'w*', "
      "match: 'a \"b\"', field: message, exclude: y, threshold: {count: 3, window_seconds: 9}, group_by: "
      "service, cooldown_seconds: 7, samples: {match: [a], no_match: [b, c]}}");
}

void TestKinds::documentsSurviveWritingAndReading() {
  QFETCH(QString, yaml);
  const auto first = read(yaml.toStdString());
  QCOMPARE(first.size(), size_t(1));
  const auto json = detection::toJson(first.front()).dump();
  const auto text = detection::toYaml(first.front());
  for (const auto& form : {json, text}) {
    const auto again = read(form);
    QVERIFY2(again.size() == 1, form.c_str());
    QVERIFY2(detection::toJson(again.front()).dump() == json, form.c_str());
  }
  // Nothing that the document says is lost on the way.
  const auto set = detection::PatternSet::compile(read(text));
  QCOMPARE(set->size(), size_t(1));
}

void TestKinds::brokenDocumentsSayWhy_data() {
  QTest::addColumn<QString>("yaml");
  QTest::addColumn<QString>("reason");
  const auto row = [](const char* name, const char* yaml, const char* reason) {
    QTest::newRow(name) << QString::fromUtf8(yaml) << QString::fromLatin1(reason);
  };
  row("type", "{id: a, type: magic, match: x}",
      "there is no type 'magic'; the types are: regex, fuzzy, sequence, temporal, anomaly");
  row("condition of regex", "{id: a, match: x, condition: {text: y}}", "'regex' has no condition");
  row("unknown key", "{id: a, type: temporal, condition: {condition_type: spike, windw: 3}}",
      "unknown key 'windw' in condition; there are: condition_type, window_size, threshold, value");
  row("condition_type is missing", "{id: a, type: temporal, condition: {window_size: 3}}",
      "condition.condition_type is missing");
  row("condition_type", "{id: a, type: temporal, condition: {condition_type: growth}}",
      "there is no 'growth'; there are: spike, sustained_rate, sustained_growth, periodic, absence");
  row("window", "{id: a, type: temporal, condition: {condition_type: spike, window_size: 0}}",
      "condition.window_size must be a whole number from 1 to 2592000");
  row("growth above one",
      "{id: a, type: temporal, condition: {condition_type: sustained_growth, threshold: 3}}",
      "must be from 0 to 1");
  row("a rate without a limit",
      "{id: a, type: temporal, match: x, condition: {condition_type: sustained_rate}}",
      "condition.threshold is missing");
  row("fuzzy without text", "{id: a, type: fuzzy, condition: {similarity: 0.9}}",
      "condition.text is missing");
  row("fuzzy with match", "{id: a, type: fuzzy, match: x, condition: {text: abcdef}}", "in place of match");
  row("too many edits", "{id: a, type: fuzzy, condition: {text: abcdef, max_edits: 3}}",
      "more than a third of the text");
  row("one step", "{id: a, type: sequence, condition: {steps: [{match: x}]}}", "must be two at least");
  row("a step without match", "{id: a, type: sequence, condition: {steps: [{match: x}, {name: end}]}}",
      "step 'end': match is missing");
  row("missing first", "{id: a, type: sequence, condition: {steps: [{match: x, missing: true}, {match: y}]}}",
      "only the last of several steps can be missing");
  row("a step's expression", "{id: a, type: sequence, condition: {steps: [{match: '(x'}, {match: y}]}}",
      "step '1': match: missing )");
  row("a test without a say", "{id: a, all: [{status: {}}]}", "says nothing about the field");
  row("a test that is no map", "{id: a, any: [status]}", "must be a map such as");
  row("a condition's expression", "{id: a, any: [{status: '(5'}]}", "'status': missing )");
  row("value without a field", "{id: a, type: anomaly, condition: {of: value}}",
      "condition.value is missing");
}

void TestKinds::brokenDocumentsSayWhy() {
  QFETCH(QString, yaml);
  QFETCH(QString, reason);
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml.toStdString(), "p", problems);
  const auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
  QCOMPARE(set->size(), size_t(0));
  QVERIFY2(QString::fromStdString(set->problems().front().text()).contains(reason),
           set->problems().front().text().c_str());
}

void TestKinds::aNameIsEnough() {
  const auto documents = read("{name: 'Memory Leak Detection!', match: x}");
  QCOMPARE(documents.front().id, std::string("memory-leak-detection"));
  QCOMPARE(documents.front().signal, std::string("memory_leak_detection"));
}

void TestKinds::theBuilderGivesTheSameDocument() {
  const auto built = detection::LogPatternBuilder("Your Pattern")
                         .description("Something to look for.")
                         .severity(model::Severity::Error)
                         .regex("timeout after (?P<ms>\\d+)")
                         .threshold(3, 60s)
                         .groupBy("ms")
                         .build();
  QVERIFY(built.has_value());
  const auto written = read(
      "{name: Your Pattern, description: Something to look for., severity: error, "
      "match: 'timeout after (?P<ms>\\d+)', threshold: {count: 3, window_seconds: 60}, group_by: ms}");
  QCOMPARE(detection::toJson(*built).dump(), detection::toJson(written.front()).dump());
  const auto broken = detection::LogPatternBuilder("Broken").regex("(x").build();
  QVERIFY(!broken && broken.error().what.find("missing )") != std::string::npos);
}

void TestKinds::conditionsCombine_data() {
  QTest::addColumn<QString>("condition");
  QTest::addColumn<QString>("line");
  QTest::addColumn<bool>("counts");
  const auto row = [](const char* name, const char* condition, const char* line, bool counts) {
    QTest::newRow(name) << QString::fromUtf8(condition) << QString::fromUtf8(line) << counts;
  };
  const char* k503 = R"({"status":503,"path":"/pay","ms":1200})";
  row("all", "all: [{status: '^5'}, {path: ^/pay}]", k503, true);
  row("not all", "all: [{status: '^5'}, {path: ^/cart}]", k503, false);
  row("any", "any: [{path: ^/cart}, {status: '^5'}]", k503, true);
  row("not any", "any: [{path: ^/cart}, {status: '^4'}]", k503, false);
  row("not", "all: [{status: '^5'}], not: [{path: ^/health}]", k503, true);
  row("not at all", "all: [{status: '^5'}], not: [{path: ^/pay}]", k503, false);
  row("nested", "all: [{any: [{path: x}, {all: [{status: '3$'}, {not: [{user: .}]}]}]}]", k503, true);
  row("above", "all: [{ms: {above: 1000}}]", k503, true);
  row("not above", "all: [{ms: {above: 1200}}]", k503, false);
  row("between", "all: [{ms: {above: 1000, below: 1300}}]", k503, true);
  row("equals", "all: [{path: {equals: /pay}}]", k503, true);
  row("equals is the whole", "all: [{path: {equals: /pa}}]", k503, false);
  row("a number that is none", "all: [{path: {above: 0}}]", k503, false);
  row("a field that is not there", "all: [{user: '.*'}]", k503, false);
  row("with match", "match: pay, all: [{status: '^5'}]", k503, true);
  row("only not", "not: [{status: '^2'}]", k503, true);
}

void TestKinds::conditionsCombine() {
  QFETCH(QString, condition);
  QFETCH(QString, line);
  Feed feed("{id: a, " + condition.toStdString() + "}");
  QTEST(!feed.line(0s, line.toStdString()).empty(), "counts");
}

void TestKinds::changedWordingIsFound_data() {
  QTest::addColumn<QString>("pattern");
  QTest::addColumn<QString>("line");
  QTest::addColumn<bool>("found");
  QTest::addColumn<QString>("differs");
  const auto row = [](const char* pattern, const char* line, bool found, const char* differs = "") {
    QTest::addRow("%s / %s", pattern, line)
        << QString::fromUtf8(pattern) << QString::fromUtf8(line) << found << QString::fromUtf8(differs);
  };
  row("could not connect to server", "2026-11-22 ERROR db: Could not connect to server", true);
  row("could not connect to server", "could not connect to the server", true, "'the' is new");
  row("could not connect to server", "could not conect to server", true, "'connect' is 'conect'");
  row("could not connect to the database server", "could not connect to database server", true,
      "'the' is missing");
  row("took 30 ms to answer", "took 4711 ms to answer", true);
  row("could not connect to server", "connected to server", false);
  row("could not connect to server", "to server connect not could", false);
  row("could not connect to server", "could we not just try to connect in time to that other server", false);
  row("out of memory", "killed process 12: out of memory (oom)", true);
}

void TestKinds::changedWordingIsFound() {
  QFETCH(QString, pattern);
  QFETCH(QString, line);
  const auto match = fuzzy(pattern.toStdString(), line.toStdString());
  QTEST(match.found, "found");
  QTEST(QString::fromStdString(match.differs), "differs");
}

namespace {

/// Sellers' table, whole.
size_t leastEdits(const std::string& pattern, const std::string& text) {
  std::vector<size_t> column(pattern.size() + 1);
  for (size_t i = 0; i < column.size(); ++i) column[i] = i;
  size_t best = column.back();
  for (const char c : text) {
    size_t corner = 0;
    for (size_t i = 1; i < column.size(); ++i) {
      const size_t above = column[i];
      column[i] = std::min({above + 1, column[i - 1] + 1, corner + (pattern[i - 1] != c)});
      corner = above;
    }
    best = std::min(best, column.back());
  }
  return best;
}

}  // namespace

void TestKinds::editsAgreeWithTheReference() {
  std::mt19937 rng(7);
  const auto word = [&](size_t most) {
    std::string out;
    for (size_t n = 1 + rng() % most; n-- > 0;) out += static_cast<char>('a' + rng() % 3);
    return out;
  };
  size_t found = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto pattern = word(14), text = word(40);
    const auto most = static_cast<uint32_t>(rng() % 4);
    const auto match = detection::Fuzzy({.text = pattern, .maxEdits = most, .similarity = 0}).match(text);
    const auto least = leastEdits(pattern, text);
    QVERIFY2(match.found == (least <= most), (pattern + " in " + text).c_str());
    if (!match.found) continue;
    ++found;
    // The stretch that is shown needs just as many.
    const auto stretch = text.substr(match.start, match.length);
    QCOMPARE(leastEdits(pattern, stretch), least);
  }
  QVERIFY(found > 500 && found < 3500);
}

void TestKinds::similarTextIsFoundInTheStream() {
  Feed feed("{id: a, type: fuzzy, cooldown_seconds: 1, condition: {text: 'connection pool exhausted'}}");
  QVERIFY(feed.line(0s, "2026-11-22 20:00:00 INFO pool: connection returned").empty());
  const auto events = feed.line(5s, "2026-11-22 20:00:05 ERROR pool: connection pool is exhausted");
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events.front().captures.at("differs"), std::string("'is' is new"));
  Feed letters(
      "{id: a, type: fuzzy, cooldown_seconds: 1, condition: {text: segmentation fault, max_edits: 2}}");
  QCOMPARE(letters.line(0s, "worker 3: segmentaton falt at 0x0").size(), size_t(1));
  QVERIFY(letters.line(9s, "worker 3: segments at fault").empty());
}

namespace {

const std::string kOrder =
    "{id: a, type: sequence, group_by: id, cooldown_seconds: 1, condition: {within_seconds: 10, steps: "
    "[{match: 'begin (?P<id>\\d+)'}, {match: 'work (?P<id>\\d+)'}, {match: 'end (?P<id>\\d+)'}]}}";
const std::string kMissing =
    "{id: a, type: sequence, group_by: id, cooldown_seconds: 1, condition: {within_seconds: 10, steps: "
    "[{match: 'ask (?P<id>\\d+)'}, {match: 'answer (?P<id>\\d+)', missing: true}]}}";

}  // namespace

void TestKinds::aSequenceFiresOncePerStory() {
  Feed feed(kOrder);
  QVERIFY(feed.line(0s, "begin 1").empty());
  QVERIFY(feed.line(2s, "work 1").empty());
  const auto events = feed.line(10s, "end 1");  // both ends of the time are part of it
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events.front().key, std::string("1"));
  QCOMPARE(events.front().evidence.size(), size_t(3));
  QVERIFY(feed.line(12s, "end 1").empty());  // spent
  QVERIFY(feed.line(20s, "work 1").empty() && feed.line(21s, "begin 1").empty() &&
          feed.line(22s, "end 1").empty());
  QVERIFY(feed.line(40s, "begin 1").empty() && feed.line(41s, "work 1").empty());
  QVERIFY(feed.line(50s + 1ms, "end 1").empty());  // too late
}

void TestKinds::aSequenceKeepsItsKeysApart() {
  Feed feed(kOrder);
  feed.line(0s, "begin 1");
  feed.line(1s, "work 2");
  QVERIFY(feed.line(2s, "end 1").empty());
  feed.line(2s, "work 1");
  QCOMPARE(feed.line(3s, "end 1").size(), size_t(1));
}

void TestKinds::aMissingStepFiresWhenTimeIsUp() {
  Feed feed(kMissing);
  feed.line(0s, "ask 1");
  feed.line(1s, "ask 2");
  QVERIFY(feed.line(9s, "answer 1").empty());
  QVERIFY(feed.line(15s, "something else").empty());  // an answer of 11 s may still come out of order
  const auto events = feed.line(17s, "something else");
  QCOMPARE(events.size(), size_t(1));
  QCOMPARE(events.front().key, std::string("2"));
  QVERIFY(events.front().last == kStart + 11s);
  // Without further lines, time itself tells.
  feed.line(20s, "ask 3");
  QVERIFY(feed.advance(35s).empty());
  QCOMPARE(feed.advance(36s).size(), size_t(1));
  QVERIFY(feed.advance(90s).empty());
}

void TestKinds::aLateStepSettles() {
  Feed feed(kMissing);
  feed.line(4s, "answer 1");  // written before, read first
  feed.line(2s, "ask 1");
  QVERIFY(feed.advance(60s).empty());
  Feed order(kOrder);
  order.line(0s, "begin 1");
  order.line(4s, "end 1");
  QCOMPARE(order.line(2s, "work 1").size(), size_t(1));
}

void TestKinds::stepsInAnyOrder() {
  Feed feed(
      "{id: a, type: sequence, cooldown_seconds: 1, condition: {within_seconds: 10, in_order: false, steps: "
      "[{match: cpu}, {match: disk, at_least: 2}]}}");
  QVERIFY(feed.line(0s, "disk").empty());
  QVERIFY(feed.line(8s, "cpu").empty());
  QCOMPARE(feed.line(9s, "disk").size(), size_t(1));
  QVERIFY(feed.line(30s, "cpu").empty() && feed.line(41s, "disk").empty() && feed.line(42s, "disk").empty());
}

void TestKinds::countsOfAStepAreLimited() {
  Feed feed(
      "{id: a, type: sequence, cooldown_seconds: 1, condition: {within_seconds: 60, steps: "
      "[{match: fail, at_least: 3, at_most: 4}, {match: success}]}}");
  const auto fails = [&](int from, int count) {
    for (int i = 0; i < count; ++i) feed.line(std::chrono::seconds(from + i), "fail");
  };
  fails(0, 2);
  QVERIFY(feed.line(5s, "success").empty());
  fails(100, 3);
  QCOMPARE(feed.line(110s, "success").size(), size_t(1));
  fails(200, 6);
  QCOMPARE(feed.line(210s, "success").size(), size_t(1));  // the last three of them make a story
}

/// Stories with known ends among other lines, out of order within the lateness bound: each is found, and no
/// other.
void TestKinds::generatedStoriesAreAllFound() {
  std::mt19937 rng(11);
  struct Line {
    base::Duration at;
    std::string text;
  };
  for (const bool shuffled : {false, true, true, true, true}) {
    std::vector<Line> lines;
    std::set<std::string> whole, unanswered;
    for (int i = 0; i < 600; ++i) {
      const auto at = std::chrono::milliseconds(700 * i + static_cast<int>(rng() % 500));
      const auto id = std::to_string(i);
      const int kind = static_cast<int>(rng() % 3);
      const auto delay = [&](int least, int most) {
        return std::chrono::milliseconds(least +
                                         static_cast<int>(rng() % static_cast<uint32_t>(most - least)));
      };
      if (kind == 0) {
        whole.insert(id);
        lines.push_back({at, "begin " + id});
        lines.push_back({at + delay(100, 4000), "work " + id});
        lines.push_back({at + delay(4100, 9900), "end " + id});
      } else if (kind == 1) {  // an end, but too late
        lines.push_back({at, "begin " + id});
        lines.push_back({at + 1s, "work " + id});
        lines.push_back({at + delay(10'100, 15'000), "end " + id});
      } else {  // an end before its work
        lines.push_back({at, "begin " + id});
        lines.push_back({at + 2s, "end " + id});
        lines.push_back({at + 3s, "work " + id});
      }
      lines.push_back({at, "ask " + id});
      if (rng() % 2 == 0) {
        lines.push_back({at + delay(100, 9900), "answer " + id});
      } else {
        unanswered.insert(id);
      }
    }
    std::ranges::stable_sort(lines, {}, &Line::at);
    if (shuffled) {
      for (size_t i = 0; i + 4 < lines.size(); i += 5)
        std::shuffle(lines.begin() + static_cast<ptrdiff_t>(i), lines.begin() + static_cast<ptrdiff_t>(i) + 4,
                     rng);
    }
    Feed stories(kOrder), missing(kMissing);
    std::multiset<std::string> told, lacked;
    const auto take = [](const std::vector<model::Event>& events, std::multiset<std::string>& into) {
      for (const auto& event : events) into.insert(event.key);
    };
    for (const auto& line : lines) {
      take(stories.line(line.at, line.text), told);
      take(missing.line(line.at, line.text), lacked);
    }
    take(missing.advance(600s), lacked);
    QVERIFY(std::vector(told.begin(), told.end()) == std::vector(whole.begin(), whole.end()));
    QVERIFY(std::vector(lacked.begin(), lacked.end()) == std::vector(unanswered.begin(), unanswered.end()));
  }
}

void TestKinds::aRestoredSequenceGoesOn() {
  for (const auto& yaml : {kOrder, kMissing}) {
    Feed whole(yaml), second(yaml);
    std::vector<std::string> texts;
    std::mt19937 rng(3);
    static const std::vector<std::string> kWords = {"begin", "work", "end", "ask", "answer"};
    for (int i = 0; i < 400; ++i) texts.push_back(kWords[rng() % 5] + ' ' + std::to_string(rng() % 7));
    std::vector<std::string> expected, got;
    for (size_t i = 0; i < texts.size(); ++i) {
      for (const auto& event : whole.line(std::chrono::seconds(i), texts[i]))
        expected.push_back(event.id.str() + std::to_string(event.count));
    }
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i % 37 == 0) {
        const auto state = second.detector().snapshot();
        QVERIFY(second.detector().restore(state).has_value());
      }
      for (const auto& event : second.line(std::chrono::seconds(i), texts[i]))
        got.push_back(event.id.str() + std::to_string(event.count));
    }
    QVERIFY(!expected.empty());
    QVERIFY(expected == got);
  }
}

QTEST_GUILESS_MAIN(TestKinds)

#include "tst_detection_kinds.moc"
