// What a service has never written before is told once it is known what it writes; a flood of new messages is
// not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "detection/detector.h"
#include "detection/pattern.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

constexpr base::TimePoint kBegin{1767607200s};

class Written {
 public:
  std::vector<model::Event> line(base::Duration time, const std::string& text,
                                 const std::string& service = "web") {
    model::LogBatch batch;
    batch.source = "/var/log/" + service + ".log";
    batch.service = service;
    batch.bytes = std::make_unique<std::string>(text);
    model::LogRecord record;
    record.text = record.message = *batch.bytes;
    record.eventTime = record.ingestTime = kBegin + time;
    record.position.offset = m_offset += text.size() + 1;
    batch.records.push_back(record);
    return m_detector.feed(batch);
  }
  /// So many seconds with one request each; gives what was told.
  size_t requests(int from, int until, const std::string& service = "web") {
    size_t told = 0;
    for (int i = from; i < until; ++i)
      told += line(i * 1s, "request " + std::to_string(i) + " took " + std::to_string(i % 7) + " ms", service)
                  .size();
    return told;
  }

 private:
  uint64_t m_offset = 0;
  detection::Detector m_detector{detection::PatternSet::compile({}), {.watchNovelty = true}};
};

}  // namespace

class TestNovelty : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theFirstOfItsKindIsToldOnce() {
    Written log;
    QCOMPARE(log.requests(0, 90), size_t{0});
    const auto events = log.line(91s, "lost the connection to the cache");
    QCOMPARE(events.size(), size_t{1});
    QCOMPARE(events[0].signal, std::string("new_message"));
    QCOMPARE(events[0].service, std::string("web"));
    QVERIFY(events[0].severity == model::Severity::Info);
    QCOMPARE(events[0].evidence.size(), size_t{1});
    QCOMPARE(events[0].evidence[0].text, std::string("lost the connection to the cache"));
    QVERIFY(log.line(92s, "lost the connection to the cache").empty());
  }

  void whileAServiceIsGettingKnownNothingIsTold() {
    Written log;
    QCOMPARE(log.requests(0, 20), size_t{0});
    QVERIFY(log.line(21s, "lost the connection to the cache").empty());
  }

  void somethingNewAMomentAgoKeepsFurtherNewsQuiet() {
    Written log;
    log.requests(0, 90);
    QCOMPARE(log.line(91s, "lost the connection to the cache").size(), size_t{1});
    QVERIFY(log.line(92s, "giving up on writing sessions").empty());
    QCOMPARE(log.requests(93, 130), size_t{0});
    QCOMPARE(log.line(131s, "will not wait for the cache any more").size(), size_t{1});
  }

  void eachServiceHasItsOwnNews() {
    Written log;
    log.requests(0, 90);
    log.requests(0, 90, "mail");
    QCOMPARE(log.line(91s, "queue is frozen").size(), size_t{1});
    QCOMPARE(log.line(91s, "queue is frozen", "mail").size(), size_t{1});
  }

  void aServiceThatHasChangedIsToldOfTenTimesAtMost() {
    Written log;
    const std::vector<std::string> verbs = {"parse", "open", "close", "drop",  "write", "fetch", "lock",
                                            "merge", "sort", "split", "print", "erase", "count", "shift"};
    size_t told = log.requests(0, 1200);
    QCOMPARE(told, size_t{0});
    for (size_t i = 0; i < verbs.size(); ++i) {
      // Half a minute of the known between the new ones, within ten minutes in all.
      const auto when = 1200 + static_cast<int>(i) * 36;
      told += log.requests(when, when + 35);
      std::string text = "could not";  // each longer than the one before, so that none is like another
      for (size_t word = 0; word <= i; ++word) text += " " + verbs[word];
      told += log.line((when + 35) * 1s, text).size();
    }
    QCOMPARE(told, size_t{10});
  }
};

QTEST_APPLESS_MAIN(TestNovelty)
#include "tst_detection_novelty.moc"
