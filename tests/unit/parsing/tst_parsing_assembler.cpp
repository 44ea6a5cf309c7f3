// Joining of lines: limits, time-outs, generations, and that no byte is passed before its record has left.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <chrono>

#include "line_feeder.h"
#include "parsing/record_assembler.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

using Feeder = test::LineFeeder;
using test::texts;

parsing::RecordAssembler makeAssembler(parsing::JoinLimits limits = {}) {
  return {"/log", "svc", {}, limits};
}
const base::TimePoint kIngest{1795379723s};

}  // namespace

class TestAssembler : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aTraceJoinsItsEntry();
  void aTraceJoinsAcrossChunks();
  void aTracebackTakesTheLineThatNamesTheException();
  void accessAndJsonTakeNoContinuation();
  void theHeldRecordLeavesAfterQuiet();
  void nothingWaitsForEver();
  void limitsEndARecord();
  void generationsDoNotJoin();
};

void TestAssembler::aTraceJoinsItsEntry() {
  auto assembler = makeAssembler();
  Feeder feeder;
  const auto batch = assembler.add(
      feeder.chunk("2026-11-22 20:35:23 ERROR a\n  at x\n\nCaused by: y\n2026-11-22 20:35:24 INFO b\n"),
      kIngest, 0s);
  QCOMPARE(texts(batch), std::vector<std::string>{"2026-11-22 20:35:23 ERROR a\n  at x\n\nCaused by: y"});
  QCOMPARE(batch.records[0].position.line, uint64_t(1));
  QCOMPARE(size_t(batch.records[0].position.length), batch.records[0].text.size());
  QCOMPARE(assembler.consumed()->offset, batch.records[0].text.size() + 1);
  QCOMPARE(assembler.consumed()->line, uint64_t(4));
}

void TestAssembler::aTraceJoinsAcrossChunks() {
  auto assembler = makeAssembler();
  Feeder feeder;
  QVERIFY(assembler.add(feeder.chunk("ERROR a\n"), kIngest, 0s).records.empty());
  QCOMPARE(assembler.consumed()->offset, uint64_t(0));
  QVERIFY(assembler.add(feeder.chunk("\tat x\n"), kIngest, 10ms).records.empty());
  QVERIFY(assembler.add(feeder.chunk("\tat y\n"), kIngest, 20ms).records.empty());
  QCOMPARE(assembler.consumed()->offset, uint64_t(0));
  QCOMPARE(texts(assembler.flush(1s)), std::vector<std::string>{"ERROR a\n\tat x\n\tat y"});
  QCOMPARE(assembler.consumed()->offset, uint64_t(20));
  QCOMPARE(assembler.consumed()->line, uint64_t(3));
}

void TestAssembler::aTracebackTakesTheLineThatNamesTheException() {
  auto assembler = makeAssembler();
  Feeder feeder;
  auto batch =
      assembler.add(feeder.chunk("2026-11-22 20:35:23 ERROR a\nTraceback (most recent call last):\n  File x\n"
                                 "ValueError: no\nunrelated\n"),
                    kIngest, 0s);
  QCOMPARE(texts(batch),
           std::vector<std::string>{
               "2026-11-22 20:35:23 ERROR a\nTraceback (most recent call last):\n  File x\nValueError: no"});
}

void TestAssembler::accessAndJsonTakeNoContinuation() {
  auto assembler = makeAssembler();
  Feeder feeder;
  const auto batch = assembler.add(feeder.chunk("{\"a\":1}\n  at x\nb\n"), kIngest, 0s);
  QCOMPARE(texts(batch), (std::vector<std::string>{"{\"a\":1}", "  at x"}));
}

void TestAssembler::theHeldRecordLeavesAfterQuiet() {
  auto assembler = makeAssembler();
  Feeder feeder;
  assembler.add(feeder.chunk("a\n"), kIngest, 5s);
  QVERIFY(assembler.dueAt().has_value());
  QVERIFY(assembler.flush(*assembler.dueAt() - 1us).records.empty());
  QCOMPARE(texts(assembler.flush(*assembler.dueAt())), std::vector<std::string>{"a"});
  QVERIFY(!assembler.dueAt().has_value());
  QVERIFY(assembler.flush(100s, true).records.empty());
}

void TestAssembler::nothingWaitsForEver() {
  auto assembler = makeAssembler();
  Feeder feeder;
  assembler.add(feeder.chunk("a\n"), kIngest, 0s);
  std::vector<std::string> left;
  for (auto now = 50ms; now <= 2000ms; now += 50ms) {
    for (auto& text : texts(assembler.flush(now))) left.push_back(text);
    if (!left.empty()) break;
    assembler.add(feeder.chunk("  more\n"), kIngest, now);
  }
  QCOMPARE(left.size(), size_t(1));
}

void TestAssembler::limitsEndARecord() {
  parsing::JoinLimits limits;
  limits.maxLines = 3;
  auto assembler = makeAssembler(limits);
  Feeder feeder;
  QCOMPARE(texts(assembler.add(feeder.chunk("a\n 1\n 2\n 3\n 4\nb\n"), kIngest, 0s)),
           (std::vector<std::string>{"a\n 1\n 2", " 3\n 4"}));
  limits = {};
  limits.maxBytes = 10;
  auto narrow = makeAssembler(limits);
  Feeder other;
  QCOMPARE(texts(narrow.add(other.chunk("a\n 12345\n 6789\nb\n"), kIngest, 0s)),
           (std::vector<std::string>{"a\n 12345", " 6789"}));
}

void TestAssembler::generationsDoNotJoin() {
  auto assembler = makeAssembler();
  Feeder before(7), after(8);
  assembler.add(before.chunk("a\n"), kIngest, 0s);
  const auto batch = assembler.add(after.chunk("  at x\nb\n"), kIngest, 0s);
  QCOMPARE(texts(batch), (std::vector<std::string>{"a", "  at x"}));
  QCOMPARE(batch.records[0].position.inode, uint64_t(7));
  QCOMPARE(batch.records[1].position.inode, uint64_t(8));
  QCOMPARE(assembler.consumed()->inode, uint64_t(8));
}

QTEST_GUILESS_MAIN(TestAssembler)
#include "tst_parsing_assembler.moc"
