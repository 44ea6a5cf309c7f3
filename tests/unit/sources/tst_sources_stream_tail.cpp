// Standard input as a source: cited, cut, kept within bounds, ended.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <filesystem>

#include "base/bytes.h"
#include "sources/descriptor_feed.h"
#include "sources/evidence_reader.h"
#include "sources/stream_tail.h"

using namespace aiops;
using namespace std::chrono_literals;

class TestStreamTail : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  base::Fd m_read, m_write;
  base::Duration m_now = 100s;

  std::string kept() const { return m_dir->path().toStdString() + "/input/stdin.log"; }
  std::vector<std::string> drain(sources::StreamTail& tail) {
    std::vector<std::string> lines;
    for (int quiet = 0; quiet < 3;) {
      const auto chunk = tail.read(m_now, base::TimePoint(m_now));
      quiet = chunk ? 0 : quiet + 1;
      if (!chunk) continue;
      for (const auto& line : chunk->lines) lines.push_back(chunk->bytes.substr(line.at, line.length));
    }
    return lines;
  }
  void put(const std::string& bytes) { QVERIFY(base::writeAll(m_write.get(), bytes).has_value()); }
  using Lines = std::vector<std::string>;

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    m_read = base::Fd(ends[0]);
    m_write = base::Fd(ends[1]);
  }

  void linesComeAndCanBeCited() {
    sources::StreamTail tail(std::make_unique<sources::DescriptorFeed>(m_read.get()), kept(), {});
    QVERIFY(drain(tail).empty());
    put("one\ntwo \xff\nhal");
    QCOMPARE(drain(tail), (Lines{"one", "two \xff"}));
    put("f\n");
    QCOMPARE(drain(tail), Lines{"half"});
    model::EvidenceRef ref;
    ref.source = tail.path();
    ref.position = {tail.position()->inode, 4, 5, 2};
    ref.text = base::toValidUtf8("two \xff");
    ref.sha256 = base::sha256Hex("two \xff");
    QCOMPARE(sources::EvidenceReader().reread(ref).value(), std::string("two \xff"));
    QCOMPARE(std::filesystem::status(kept()).permissions(), std::filesystem::perms(0600));
  }

  void theEndIsSaid() {
    sources::StreamTail tail(std::make_unique<sources::DescriptorFeed>(m_read.get()), kept(), {});
    put("last\nno newline");
    m_write.reset();
    QCOMPARE(drain(tail), Lines{"last"});
    m_now += 6s;
    QCOMPARE(drain(tail), Lines{"no newline"});
    const auto health = tail.takeHealth();
    QCOMPARE(health.size(), size_t(1));
    QCOMPARE(health[0].what, std::string("standard input has ended: 15 bytes were read"));
    QVERIFY(tail.readable());
    QCOMPARE(tail.pollFd(), -1);
  }

  void whatWasTakenButNotStoredIsReadAgain() {
    std::optional<model::SourcePosition> stored;
    {
      sources::StreamTail tail(std::make_unique<sources::DescriptorFeed>(m_read.get()), kept(), {});
      put("1\n");
      drain(tail);
      stored = tail.position();
      put("2\n");
      drain(tail);
    }
    put("3\n");
    sources::StreamTail again(std::make_unique<sources::DescriptorFeed>(m_read.get()), kept(), stored);
    QCOMPARE(drain(again), (Lines{"2", "3"}));
  }

  void theKeptFileIsBounded() {
    sources::StreamOptions options;
    options.keepBytes = 4096;
    sources::StreamTail tail(std::make_unique<sources::DescriptorFeed>(m_read.get()), kept(), {}, options);
    drain(tail);
    Lines got, expected;
    for (int i = 0; i < 2000; ++i) {
      expected.push_back("line " + std::to_string(i) + std::string(40, '.'));
      put(expected.back() + "\n");
      if (i % 7 == 0) {
        for (auto& line : drain(tail)) got.push_back(line);
      }
    }
    for (auto& line : drain(tail)) got.push_back(line);
    QCOMPARE(got, expected);
    uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(m_dir->path().toStdString() + "/input")) {
      bytes += entry.file_size();
    }
    QVERIFY(bytes < 2 * (options.keepBytes + 1024));
  }

  void aFileThatCannotBeKeptStopsTheReading() {
    std::filesystem::create_directories(kept());  // in the way
    sources::StreamTail tail(std::make_unique<sources::DescriptorFeed>(m_read.get()), kept(), {});
    put("wait\n");
    QVERIFY(drain(tail).empty());
    QVERIFY(!tail.readable());
    QCOMPARE(tail.takeHealth().empty(), false);
    std::filesystem::remove(kept());
    QCOMPARE(drain(tail), Lines{"wait"});
    QVERIFY(tail.readable());
  }
};

QTEST_GUILESS_MAIN(TestStreamTail)
#include "tst_sources_stream_tail.moc"
