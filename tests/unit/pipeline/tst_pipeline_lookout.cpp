// Errors at the end of a file that is far from being read there.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "detection/detector.h"
#include "pipeline/lookout.h"
#include "sources/file_tail.h"

using namespace aiops;
using namespace std::chrono_literals;
using Messages = std::vector<std::string>;

namespace {

const base::TimePoint kWall = *base::fromIso8601("2026-11-22T20:00:00Z");

std::string line(const std::string& rest) {
  return "2026-11-22T19:59:00Z " + rest + "\n";
}

}  // namespace

class TestLookout : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->path().toStdString() + "/a.log";
    m_lookout = std::make_unique<pipeline::Lookout>(m_path, "shop", parsing::JoinLimits{});
    m_now = 100s;
    m_positions.clear();
  }

  void notBeforeTheReaderIsBehindForLong() {
    QVERIFY(!m_lookout->isDue(10s));
    QVERIFY(!m_lookout->isDue(11s));
    QVERIFY(m_lookout->isDue(12s));
    m_lookout->caughtUp();
    QVERIFY(!m_lookout->isDue(13s));
    QVERIFY(m_lookout->isDue(15s));
  }

  void onlyErrorsAndEachOnce() {
    append(line("INFO request served"));
    append(line("INFO the word error alone says nothing"));
    append(line("WARN disk nearly full"));
    append(line("ERROR payment refused"));
    append(line("FATAL out of memory"));
    QCOMPARE(look(0, 0), (Messages{"payment refused", "out of memory"}));
    QCOMPARE(look(0, 0), Messages());
    append(line("ERROR another one"));
    QCOMPARE(look(0, 0), Messages{"another one"});
    QCOMPARE(m_positions.back().line, uint64_t(6));
  }

  void whatTheReaderHasPassedIsLeftToIt() {
    append(line("ERROR first"));
    const auto offset = size();
    append(line("ERROR second"));
    QCOMPARE(look(offset, 1), Messages{"second"});
    QCOMPARE(m_positions.back().line, uint64_t(2));
    QCOMPARE(m_positions.back().offset, offset);
  }

  void aFewOfEachForm() {
    for (int i = 0; i < 1000; ++i) {
      append(line("ERROR charge " + std::to_string(i) + " refused"));
      if (i == 900) append(line("ERROR needle broke"));
    }
    QCOMPARE(look(0, 0),
             (Messages{"charge 0 refused", "charge 1 refused", "charge 2 refused", "needle broke"}));
  }

  /// Whoever reads the file in its order finds the same bytes at the same place, and the same event.
  void aTraceIsTheRecordThatTheReaderMakesOfIt() {
    append(line("ERROR order failed") + "java.lang.IllegalStateException: no stock\n\tat a.B.c(B.java:7)\n" +
           "Caused by: java.io.IOException: Error\n\tat d.E.f(E.java:9)\n");
    append(line("INFO next"));
    const auto ahead = m_lookout->look({inodeOf(), 0, 0}, {.zone = {}}, kWall, m_now);
    QCOMPARE(ahead.size(), size_t(1));
    sources::FileTail tail(m_path, {.startAt = sources::StartAt::Beginning}, {});
    parsing::RecordAssembler assembler(m_path, "shop");
    auto chunk = tail.read(1s, kWall);
    QVERIFY(chunk.has_value());
    const auto batch = assembler.add(std::move(*chunk), kWall, 1s);
    QVERIFY(!batch.records.empty());
    const auto& whole = batch.records.front().position;
    const auto& seen = ahead.front().records.front().position;
    QCOMPARE(seen.offset, whole.offset);
    QCOMPARE(seen.length, whole.length);
    QCOMPARE(seen.inode, whole.inode);

    std::vector<detection::PatternProblem> problems;
    auto documents = detection::parsePatterns("{id: failed, match: order failed}", "p", problems);
    const auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
    const auto early = detection::Detector(set, {.singleRecords = true}).feed(ahead.front());
    const auto inTurn = detection::Detector(set).feed(batch);
    QCOMPARE(early.size(), size_t(1));
    QCOMPARE(inTurn.size(), size_t(1));
    QCOMPARE(early[0].id, inTurn[0].id);  // so it counts once
  }

  void anotherFileUnderThePathIsNotLookedAt() {
    append(line("ERROR old"));
    const auto inode = inodeOf();
    std::filesystem::rename(m_path, m_path + ".1");
    append(line("ERROR new"));
    QVERIFY(m_lookout->look({inode, 0, 0}, {}, kWall, m_now).empty());
    QCOMPARE(look(0, 0), Messages{"new"});
  }

  void aFileThatWasTruncatedIsLookedAtAnew() {
    append(line("ERROR before, and quite long"));
    QCOMPARE(look(0, 0).size(), size_t(1));
    std::ofstream(m_path, std::ios::trunc) << line("ERROR after");
    QCOMPARE(look(0, 0), Messages{"after"});
  }

  void aStampFromTheFutureIsLeftToTheReader() {
    append("2026-11-22T20:10:00Z ERROR ten minutes ahead\n");
    const auto seen = look(0, 0);
    QVERIFY2(seen.empty(), seen.empty() ? "" : seen.front().c_str());
  }

  /// One line of many tells nothing of how many there are or whether something is missing.
  void onlyPatternsOfSingleRecordsAreAsked() {
    std::vector<detection::PatternProblem> problems;
    auto documents = detection::parsePatterns(
        "- {id: one, match: broke}\n- {id: two, match: broke, threshold: {count: 2, window_seconds: 60}}\n"
        "- {id: gone, type: temporal, match: broke, condition: {condition_type: absence, window_size: 10}}\n"
        "- {id: fresh, type: anomaly, condition: {of: new_template}}\n",
        "p", problems);
    detection::DetectorOptions options;
    options.singleRecords = true;
    detection::Detector detector(detection::PatternSet::compile(std::move(documents), std::move(problems)),
                                 options);
    for (int i = 0; i < 5; ++i)
      append(line("ERROR " + std::string(static_cast<size_t>(i + 1), 'x') + " broke"));
    std::set<std::string> fired;
    for (const auto& batch : m_lookout->look({inodeOf(), 0, 0}, {}, kWall, m_now)) {
      for (const auto& event : detector.feed(batch)) fired.insert(event.patternId);
    }
    for (const auto& event : detector.advance(kWall + 1h)) fired.insert(event.patternId);
    QCOMPARE(fired, std::set<std::string>{"one"});
  }

 private:
  void append(const std::string& text) const { std::ofstream(m_path, std::ios::app) << text; }
  uint64_t size() const { return std::filesystem::file_size(m_path); }
  uint64_t inodeOf() const { return (*sources::FileGeneration::open(m_path))->identity().inode; }
  /// Messages of the records that are given for a reader that stands there.
  Messages look(uint64_t offset, uint64_t lines) {
    Messages out;
    for (const auto& batch : m_lookout->look({inodeOf(), offset, lines}, {.zone = {}}, kWall, m_now += 2s)) {
      for (const auto& record : batch.records) {
        out.emplace_back(record.message.substr(0, record.message.find('\n')));
        m_positions.push_back(record.position);
      }
    }
    return out;
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::string m_path;
  std::unique_ptr<pipeline::Lookout> m_lookout;
  base::Duration m_now{0};
  std::vector<model::BytePosition> m_positions;
};

QTEST_GUILESS_MAIN(TestLookout)
#include "tst_pipeline_lookout.moc"
