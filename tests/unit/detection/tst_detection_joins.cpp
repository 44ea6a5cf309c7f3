// Sequences whose records are joined by one thing and told by another.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "detection/detector.h"
#include "detection/pattern_schema.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const detection::PatternSet> compile(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  return detection::PatternSet::compile(std::move(documents), std::move(problems));
}

/// Where somebody comes from says one line, that he is refused another; the process id joins them.
std::string sessions(const std::string& more = {}) {
  return "id: a\ntype: sequence\ngroup_by: host\ncooldown_seconds: 1\n" + more +
         "condition:\n  within_seconds: 60\n  join: pid\n  steps:\n"
         "    - {match: 'ssh\\[(?P<pid>\\d+)\\]: from (?P<host>\\S+)', keep: true}\n"
         "    - {match: 'ssh\\[(?P<pid>\\d+)\\]: refused'}\n";
}

class Feed {
 public:
  explicit Feed(std::shared_ptr<const detection::PatternSet> set)
      : m_set(std::move(set)), m_detector(m_set) {}

  /// The keys of the events that a line gives, with a space behind each.
  std::string line(int second, const std::string& text, std::string_view host = {}) {
    model::LogBatch batch;
    batch.source = "/log";
    batch.service = "svc";
    batch.bytes = std::make_unique<std::string>(text);
    model::LogRecord record;
    record.eventTime = record.ingestTime = base::TimePoint(1000h) + std::chrono::seconds(second);
    record.text = record.message = *batch.bytes;
    if (!host.empty()) record.fields.emplace_back("host", host);
    record.position = {1, m_next++, static_cast<uint32_t>(text.size()), 1};
    batch.records.push_back(record);
    std::string keys;
    for (const auto& event : m_detector.feed(batch)) keys += event.key + ' ';
    return keys;
  }
  void restart() {
    const auto state = m_detector.snapshot();
    QVERIFY(m_detector.restore(state).has_value());
  }

 private:
  std::shared_ptr<const detection::PatternSet> m_set;
  detection::Detector m_detector;
  uint64_t m_next = 0;
};

}  // namespace

class TestJoins : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aStoryIsToldOfItsGroup() {
    Feed feed(compile(sessions()));
    QCOMPARE(feed.line(0, "ssh[1]: from 203.0.113.7"), std::string());
    QCOMPARE(feed.line(1, "ssh[2]: from 203.0.113.8"), std::string());
    QCOMPARE(feed.line(2, "ssh[3]: refused"), std::string());
    QCOMPARE(feed.line(3, "ssh[1]: refused"), std::string("203.0.113.7 "));
    feed.restart();
    QCOMPARE(feed.line(4, "ssh[2]: refused"), std::string("203.0.113.8 "));
  }

  void whatIsKeptServesAgain() {
    Feed feed(compile(sessions()));
    feed.line(0, "ssh[1]: from 203.0.113.7");
    QCOMPARE(feed.line(10, "ssh[1]: refused"), std::string("203.0.113.7 "));
    feed.restart();
    QCOMPARE(feed.line(20, "ssh[1]: refused"), std::string("203.0.113.7 "));
    QCOMPARE(feed.line(61, "ssh[1]: refused"), std::string());  // too long ago
  }

  void theNewestOfWhatIsKeptCounts() {
    Feed feed(compile(sessions()));
    feed.line(0, "ssh[1]: from 203.0.113.7");
    feed.line(5, "ssh[1]: from 203.0.113.8");
    QCOMPARE(feed.line(6, "ssh[1]: refused"), std::string("203.0.113.8 "));
  }

  void storiesOfSeveralJoinsCountTogether() {
    Feed feed(compile(sessions("threshold: {count: 3, window_seconds: 60}\n")));
    for (int pid = 1; pid <= 3; ++pid) {
      const auto process = "ssh[" + std::to_string(pid) + "]: ";
      feed.line(pid * 2, process + "from 203.0.113.7");
      QCOMPARE(feed.line(pid * 2 + 1, process + "refused"), std::string(pid == 3 ? "203.0.113.7 " : ""));
    }
  }

  void theGroupMayBeAField() {
    Feed feed(
        compile("id: a\ntype: sequence\ngroup_by: host\ncooldown_seconds: 60\n"
                "condition:\n  within_seconds: 60\n  join: pid\n  steps:\n"
                "    - {match: 'ssh\\[(?P<pid>\\d+)\\]: from'}\n"
                "    - {match: 'ssh\\[(?P<pid>\\d+)\\]: refused'}\n"));
    feed.line(0, "ssh[1]: from", "alpha");
    QCOMPARE(feed.line(1, "ssh[1]: refused", "alpha"), std::string("alpha "));
    feed.line(2, "ssh[2]: from", "beta");
    QCOMPARE(feed.line(3, "ssh[2]: refused", "beta"), std::string("beta "));
  }

  void theFormsKeepIt() {
    const auto set = compile(sessions());
    QCOMPARE(set->size(), size_t(1));
    for (const auto& form :
         {detection::toJson(set->documents()[0]).dump(), detection::toYaml(set->documents()[0])}) {
      const auto again = compile(form);
      QCOMPARE(again->size(), size_t(1));
      const auto& sequence = std::get<detection::SequenceKind>(again->documents()[0].kind);
      QVERIFY(sequence.join == "pid" && sequence.steps[0].keep && !sequence.steps[1].keep);
    }
  }

  void theLastStepCanNotBeKept() {
    const auto set =
        compile("{id: a, type: sequence, condition: {steps: [{match: x}, {match: y, keep: true}]}}");
    QVERIFY(set->problems().front().text().find("step '2': the last step ends the story") !=
            std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestJoins)
#include "tst_detection_joins.moc"
