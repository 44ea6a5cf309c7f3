// Batches that are pushed: whole or not at all, bounded, from several threads, kept over the end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>

#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "sources/push_feed.h"
#include "sources/stream_tail.h"

using namespace aiops;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

namespace {

bool isReadable(int fd, int milliseconds) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, milliseconds) > 0;
}

}  // namespace

class TestPushFeed : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_folder;

  std::unique_ptr<sources::StreamTail> tailOf(std::shared_ptr<sources::PushQueue> queue,
                                              std::optional<model::SourcePosition> stored = {}) const {
    return std::make_unique<sources::StreamTail>(
        std::make_unique<sources::PushFeed>("pushed lines", std::move(queue)),
        m_folder->path().toStdString() + "/input/pushed.log", std::move(stored));
  }
  static Lines drain(sources::StreamTail& tail) {
    Lines lines;
    for (int quiet = 0; quiet < 3;) {
      const auto chunk = tail.read(100s, base::TimePoint());
      quiet = chunk ? 0 : quiet + 1;
      if (!chunk) continue;
      for (const auto& line : chunk->lines) lines.push_back(chunk->bytes.substr(line.at, line.length));
    }
    return lines;
  }

 private Q_SLOTS:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  void batchesBecomeLines() {
    const auto queue = std::make_shared<sources::PushQueue>();
    auto tail = tailOf(queue);
    QVERIFY(drain(*tail).empty());
    QVERIFY(!isReadable(tail->pollFd(), 0));
    QCOMPARE(queue->push("one\ntwo\n").value(), size_t(2));
    QCOMPARE(queue->push("three").value(), size_t(1));
    QCOMPARE(queue->push("\n\r\n").value(), size_t(0));
    QCOMPARE(queue->push("").value(), size_t(0));
    QVERIFY(isReadable(tail->pollFd(), 0));
    QCOMPARE(drain(*tail), (Lines{"one", "two", "three"}));
    QCOMPARE(queue->waiting(), size_t(0));
    QVERIFY(!isReadable(tail->pollFd(), 0));
  }

  void aFullQueueTakesNothingOfABatch() {
    const auto queue = std::make_shared<sources::PushQueue>(10);
    auto tail = tailOf(queue);
    drain(*tail);
    QVERIFY(queue->push("12345\n").has_value());
    const auto refused = queue->push("6\n789\n");
    QVERIFY(!refused && refused.error().code == base::ErrorCode::LimitExceeded);
    QVERIFY(queue->push("678\n").has_value());
    QCOMPARE(drain(*tail), (Lines{"12345", "678"}));
    QVERIFY(queue->push("6\n789\n").has_value());  // there is room again
    const auto never = queue->push("0123456789");
    QVERIFY(!never && never.error().line().find("make it smaller") != std::string::npos);
    QCOMPARE(drain(*tail), (Lines{"6", "789"}));
  }

  void whatIsClosedStillGivesWhatItHas() {
    const auto queue = std::make_shared<sources::PushQueue>();
    auto tail = tailOf(queue);
    drain(*tail);
    QVERIFY(queue->push("last\n").has_value());
    queue->close();
    const auto refused = queue->push("too late\n");
    QVERIFY(!refused && refused.error().code == base::ErrorCode::Conflict);
    QCOMPARE(drain(*tail), Lines{"last"});
    QCOMPARE(tail->pollFd(), -1);
  }

  void whatWasTakenInIsThereAfterARestart() {
    const auto queue = std::make_shared<sources::PushQueue>();
    auto tail = tailOf(queue);
    drain(*tail);
    QVERIFY(queue->push("1\n").has_value());
    QCOMPARE(drain(*tail), Lines{"1"});
    const auto stored = tail->position();
    QVERIFY(queue->push("2\n").has_value());
    drain(*tail);  // read, but not stored
    QVERIFY(queue->push("3").has_value());
    tail.reset();
    QVERIFY(!queue->push("4\n").has_value());  // nobody would ever read it
    const auto fresh = std::make_shared<sources::PushQueue>();
    QVERIFY(fresh->push("5\n").has_value());
    tail = tailOf(fresh, stored);
    QCOMPARE(drain(*tail), (Lines{"2", "3", "5"}));
  }

  void manyThreadsPush() {
    constexpr int kThreads = 4, kBatches = 500;
    const auto queue = std::make_shared<sources::PushQueue>(2000);
    auto tail = tailOf(queue);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&queue, thread] {
        for (int i = 0; i < kBatches;) {
          const auto name = std::to_string(thread) + " " + std::to_string(i);
          if (queue->push(name + " a\n" + name + " b\n"))
            ++i;
          else
            std::this_thread::yield();  // full
        }
      });
    }
    Lines lines;
    while (lines.size() < size_t{2} * kThreads * kBatches) {
      QVERIFY(queue->waiting() <= 2000);
      for (auto& line : drain(*tail)) lines.push_back(std::move(line));
      if (lines.size() < size_t{2} * kThreads * kBatches) QVERIFY(isReadable(tail->pollFd(), 10'000));
    }
    for (auto& thread : threads) thread.join();
    std::map<char, int> next;
    for (size_t i = 0; i < lines.size(); i += 2) {  // batches are not mixed, and in the order of their thread
      const auto name = lines[i].substr(0, lines[i].size() - 2);
      QCOMPARE(lines[i + 1], name + " b");
      QCOMPARE(name.substr(2), std::to_string(next[name[0]]++));
    }
    QVERIFY(drain(*tail).empty());
  }
};

QTEST_GUILESS_MAIN(TestPushFeed)
#include "tst_sources_push_feed.moc"
