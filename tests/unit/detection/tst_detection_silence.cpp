// A service that wrote steadily and stops is told of, once, with its last line; one that only hands over its
// lines in blocks is not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "base/bytes.h"
#include "detection/detector.h"
#include "detection/pattern.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

constexpr base::TimePoint kBegin{1767607200s};

/// A service with a log, read by a detector without patterns.
class Written {
 public:
  /// A line that is stamped and read at these times.
  std::vector<model::Event> line(base::Duration stamped, base::Duration read,
                                 const std::string& service = "web", size_t padding = 0) {
    model::LogBatch batch;
    batch.source = "/var/log/" + service + ".log";
    batch.service = service;
    batch.bytes = std::make_unique<std::string>("GET / 200 number " + std::to_string(++m_lines) +
                                                std::string(padding, '.'));
    model::LogRecord record;
    record.text = record.message = *batch.bytes;
    record.eventTime = kBegin + stamped;
    record.ingestTime = kBegin + read;
    batch.records.push_back(record);
    return m_detector.feed(batch);
  }
  std::vector<model::Event> line(base::Duration at) { return line(at, at); }
  detection::Detector& detector() { return m_detector; }

 private:
  uint64_t m_lines = 0;
  detection::Detector m_detector{detection::PatternSet::compile({}), {.watchSilence = true}};
};

}  // namespace

class TestSilence : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isToldOnceWithTheLastLine() {
    Written log;
    for (int i = 0; i < 60; ++i) QVERIFY(log.line(i * 1s).empty());
    QVERIFY(log.detector().advance(kBegin + 64s).empty());
    const auto events = log.detector().advance(kBegin + 66s);
    QCOMPARE(events.size(), size_t{1});
    QCOMPARE(events[0].signal, std::string("service_silent"));
    QCOMPARE(events[0].service, std::string("web"));
    QVERIFY(events[0].first == kBegin + 59s);
    QCOMPARE(events[0].evidence.size(), size_t{1});
    QCOMPARE(events[0].evidence[0].text, std::string("GET / 200 number 60"));
    QVERIFY(log.detector().advance(kBegin + 90s).empty());
  }

  void aLongLastLineIsCitedWhole() {
    Written log;
    for (int i = 0; i < 60; ++i) (void)log.line(i * 1s, i * 1s, "web", 100'000);
    const auto events = log.detector().advance(kBegin + 66s);
    QCOMPARE(events.size(), size_t{1});
    const auto& cited = events[0].evidence.at(0);
    QCOMPARE(cited.sha256, base::sha256Hex("GET / 200 number 60" + std::string(100'000, '.')));
    QVERIFY(cited.text.starts_with("GET / 200 number 60") && cited.text.size() <= 500);
  }

  void isToldAgainAfterASign() {
    Written log;
    for (int i = 0; i < 60; ++i) (void)log.line(i * 1s);
    QCOMPARE(log.detector().advance(kBegin + 66s).size(), size_t{1});
    (void)log.line(70s);
    QCOMPARE(log.detector().advance(kBegin + 77s).size(), size_t{1});
  }

  void liveTimeGoesOnByTheClock() {
    Written log;
    // Stamps of another zone: an hour behind.
    for (int i = 0; i < 60; ++i) (void)log.line(i * 1s - 1h, i * 1s);
    QVERIFY(log.detector().elapse(kBegin + 62s).empty());
    QCOMPARE(log.detector().elapse(kBegin + 66s).size(), size_t{1});
    QVERIFY(log.detector().elapse(kBegin + 90s).empty());
  }

  void aBacklogIsNoSilence() {
    Written log;
    // Two hours of lines are read within a second.
    for (int i = 0; i < 7200; ++i) (void)log.line(i * 1s, 2h + i * 100us);
    QVERIFY(log.detector().elapse(kBegin + 2h + 2s).empty());
  }

  void aStepOfTheClockIsNoPause() {
    Written log;
    for (int i = 0; i < 60; ++i) (void)log.line(i * 1s);
    log.detector().clockPutForward(1h);
    QVERIFY(log.detector().elapse(kBegin + 1h + 62s).empty());
    for (int i = 60; i < 120; ++i) QVERIFY(log.line(1h + i * 1s).empty());
    QCOMPARE(log.detector().elapse(kBegin + 1h + 126s).size(), size_t{1});  // no pause of an hour was learnt
    // Put back: what was learnt of times that lie ahead is forgotten.
    for (int i = 0; i < 60; ++i) QVERIFY(log.line(i * 1s).empty());
    QCOMPARE(log.detector().elapse(kBegin + 66s).size(), size_t{1});
  }

  void linesInBlocksAreNoSilence() {
    Written log;
    // A writer with a buffer: stamped each second, handed over every ten.
    for (int block = 1; block <= 12; ++block) {
      for (int i = 0; i < 10; ++i) QVERIFY(log.line((block * 10 - 10 + i) * 1s, block * 10s).empty());
      QVERIFY(log.detector().elapse(kBegin + block * 10s + 9s).empty());
    }
    QCOMPARE(log.detector().elapse(kBegin + 160s).size(), size_t{1});
  }

  void whoNeverWroteMuchIsNotMissed() {
    Written log;
    for (int i = 0; i < 49; ++i) (void)log.line(i * 1s);                    // too few
    for (int i = 0; i < 60; ++i) (void)log.line(i * 10s, i * 10s, "cron");  // too slow
    QVERIFY(log.detector().advance(kBegin + 3600s).empty());
  }

  void servicesAreToldInTheOrderOfTheirNames() {
    Written log;
    for (const char* name : {"zeta", "alpha", "midway"}) {
      for (int i = 0; i < 60; ++i) (void)log.line(i * 1s, i * 1s, name);
    }
    std::string names;
    for (const auto& event : log.detector().advance(kBegin + 66s)) names += event.service + ' ';
    QCOMPARE(names, std::string("alpha midway zeta "));
  }
};

QTEST_GUILESS_MAIN(TestSilence)
#include "tst_detection_silence.moc"
