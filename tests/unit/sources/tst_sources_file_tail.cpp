// A tail over hostile and changing files, and the re-reading of evidence.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <fstream>

#include "base/bytes.h"
#include "sources/evidence_reader.h"
#include "sources/file_tail.h"

using namespace aiops;
using namespace std::chrono_literals;

class TestFileTail : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  std::string m_path;
  base::Duration m_now = 100s;

  void append(const std::string& bytes) { std::ofstream(m_path, std::ios::app | std::ios::binary) << bytes; }
  sources::FileTail tail(std::optional<model::SourcePosition> stored = {}) {
    sources::TailOptions options;
    options.startAt = sources::StartAt::Beginning;
    return {m_path, options, std::move(stored)};
  }
  /// All lines there are now.
  std::vector<std::string> drain(sources::FileTail& tail) {
    std::vector<std::string> lines;
    while (auto chunk = tail.read(m_now, base::TimePoint(m_now))) {
      for (const auto& line : chunk->lines) lines.push_back(chunk->bytes.substr(line.at, line.length));
    }
    return lines;
  }
  using Lines = std::vector<std::string>;

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_path = m_dir->path().toStdString() + "/app.log";
  }
  void bytesAreKeptAsTheyAre();
  void aHugeLineIsCutAndTheFileStaysWatched();
  void aRestartInsideACutLineSkipsItsRest();
  void anUnfinishedLineWaitsAndThenLeaves();
  void rotationDrainsTheOldFileFirst();
  void lateWritesToARotatedFileAreRead();
  void truncationIsNoticed();
  void aFileRewrittenLongerIsNoticed();
  void aStoredPositionFindsTheRenamedFile();
  void twoRotationsWhileAwayLoseNothing();
  void aReplacedFileIsReadFromTheBeginningAndSaid();
  void unreadableFilesSayWhy_data();
  void unreadableFilesSayWhy();
  void evidenceIsReadAgain();
};

void TestFileTail::bytesAreKeptAsTheyAre() {
  const std::string nul("a\0b", 3);
  append(nul + "\n\xff\xfe\r\n\n\r\n\xEF\xBB\xBFx\n");
  auto reader = tail();
  QCOMPARE(drain(reader), (Lines{nul, "\xff\xfe", "\xEF\xBB\xBFx"}));
  QCOMPARE(reader.position()->line, uint64_t(5));
}

void TestFileTail::aHugeLineIsCutAndTheFileStaysWatched() {
  append("before\n" + std::string(8 << 20, 'x') + "\nafter\n" + std::string(64 * 1024, 'y') + "\nlast\n");
  auto reader = tail();
  const auto lines = drain(reader);
  QCOMPARE(lines.size(), size_t(5));
  QCOMPARE(lines[1], std::string(64 * 1024, 'x'));
  QCOMPARE(lines[2], std::string("after"));
  QCOMPARE(lines[3].size(), size_t(64 * 1024));
  QCOMPARE(reader.cutLines(), uint64_t(1));
  QCOMPARE(reader.position()->line, uint64_t(5));
}

void TestFileTail::aRestartInsideACutLineSkipsItsRest() {
  append(std::string(300 * 1024, 'x'));
  auto reader = tail();
  QCOMPARE(drain(reader).size(), size_t(1));
  append("rest\nnext\n");
  auto again = tail(reader.position());
  QCOMPARE(drain(again), Lines{"next"});
}

void TestFileTail::anUnfinishedLineWaitsAndThenLeaves() {
  append("half");
  auto reader = tail();
  QVERIFY(drain(reader).empty());
  QCOMPARE(reader.position()->offset, uint64_t(0));
  m_now += 4s;
  QVERIFY(drain(reader).empty());
  append(" whole\nhalf");
  QCOMPARE(drain(reader), Lines{"half whole"});
  m_now += 6s;
  QCOMPARE(drain(reader), Lines{"half"});
  append(" later\n");
  QCOMPARE(drain(reader), Lines{" later"});
  QCOMPARE(reader.position()->line, uint64_t(2));
}

void TestFileTail::rotationDrainsTheOldFileFirst() {
  append("1\n");
  auto reader = tail();
  QCOMPARE(drain(reader), Lines{"1"});
  append("2\n");
  std::filesystem::rename(m_path, m_path + ".1");
  append("3\n");
  QCOMPARE(drain(reader), Lines{"2"});
  std::ofstream(m_path + ".1", std::ios::app) << "2b\n";
  m_now += 2s;
  QCOMPARE(drain(reader), Lines{"2b"});
  m_now += 2s;
  QCOMPARE(drain(reader), Lines{"3"});
}

void TestFileTail::lateWritesToARotatedFileAreRead() {
  append("1\n");
  auto reader = tail();
  drain(reader);
  std::filesystem::rename(m_path, m_path + ".1");
  append("2\n");
  drain(reader);
  m_now += 2s;
  QCOMPARE(drain(reader), Lines{"2"});
  std::ofstream(m_path + ".1", std::ios::app) << "late\n";
  append("3\n");
  QCOMPARE(drain(reader), (Lines{"late", "3"}));
}

void TestFileTail::truncationIsNoticed() {
  append("one\ntwo\n");
  auto reader = tail();
  drain(reader);
  reader.takeHealth();
  std::ofstream(m_path, std::ios::trunc) << "3\n";
  QCOMPARE(drain(reader), Lines{"3"});
  QCOMPARE(reader.position()->offset, uint64_t(2));
  QCOMPARE(reader.takeHealth().size(), size_t(1));
}

void TestFileTail::aFileRewrittenLongerIsNoticed() {
  append("one\n");
  auto reader = tail();
  drain(reader);
  std::ofstream(m_path, std::ios::trunc) << "another beginning\n";
  QCOMPARE(drain(reader), Lines{"another beginning"});
}

void TestFileTail::aStoredPositionFindsTheRenamedFile() {
  append("1\n");
  auto first = tail();
  drain(first);
  append("2\n");
  std::filesystem::rename(m_path, m_path + "-20261122");
  append("3\n");
  auto again = tail(first.position());
  auto lines = drain(again);
  m_now += 2s;
  for (auto& line : drain(again)) lines.push_back(line);
  QCOMPARE(lines, (Lines{"2", "3"}));
}

void TestFileTail::twoRotationsWhileAwayLoseNothing() {
  append("1\n");
  auto first = tail();
  drain(first);
  for (int i = 2; i < 5; ++i) {
    append(std::to_string(i) + "\n");
    for (int n = 4; n > 0; --n) {
      const auto from = n == 1 ? m_path : m_path + "." + std::to_string(n - 1);
      if (std::filesystem::exists(from)) std::filesystem::rename(from, m_path + "." + std::to_string(n));
    }
    QTest::qWait(20);  // births of generations are told apart by the kernel's clock tick
  }
  append("5\n");
  auto again = tail(first.position());
  Lines lines;
  for (int i = 0; i < 8; ++i, m_now += 2s) {
    for (auto& line : drain(again)) lines.push_back(line);
  }
  QCOMPARE(lines, (Lines{"2", "3", "4", "5"}));
}

void TestFileTail::aReplacedFileIsReadFromTheBeginningAndSaid() {
  append("1\n2\n3\n");
  auto first = tail();
  drain(first);
  auto stored = first.position();
  std::ofstream(m_path, std::ios::trunc) << "new beginning\nmore\n";
  auto again = tail(stored);
  QCOMPARE(drain(again), (Lines{"new beginning", "more"}));
  QCOMPARE(again.takeHealth().size(), size_t(1));
}

void TestFileTail::unreadableFilesSayWhy_data() {
  QTest::addColumn<QString>("kind");
  for (const char* kind : {"absent", "directory", "pipe", "forbidden"})
    QTest::newRow(kind) << QString::fromLatin1(kind);
}

void TestFileTail::unreadableFilesSayWhy() {
  QFETCH(QString, kind);
  if (kind == QStringLiteral("forbidden") && ::geteuid() == 0) QSKIP("the superuser may read everything");
  if (kind == QStringLiteral("directory")) std::filesystem::create_directory(m_path);
  if (kind == QStringLiteral("pipe")) QCOMPARE(::mkfifo(m_path.c_str(), 0600), 0);
  if (kind == QStringLiteral("forbidden")) {
    append("secret\n");
    std::filesystem::permissions(m_path, std::filesystem::perms::none);
  }
  auto reader = tail();
  QVERIFY(drain(reader).empty());
  drain(reader);
  QVERIFY(!reader.readable() && !reader.problem().empty());
  QCOMPARE(reader.takeHealth().size(), size_t(1));
  if (kind == QStringLiteral("forbidden"))
    std::filesystem::permissions(m_path, std::filesystem::perms::owner_all);
  if (kind != QStringLiteral("forbidden")) std::filesystem::remove(m_path), append("secret\n");
  QCOMPARE(drain(reader), Lines{"secret"});
  QVERIFY(reader.readable());
  QCOMPARE(reader.takeHealth().size(), size_t(1));
}

void TestFileTail::evidenceIsReadAgain() {
  const std::string entry = "ERROR \xff broke";
  append("first\n" + entry + "\n");
  struct stat info{};
  QCOMPARE(::stat(m_path.c_str(), &info), 0);
  model::EvidenceRef ref;
  ref.source = m_path;
  ref.position = {info.st_ino, 6, static_cast<uint32_t>(entry.size()), 2};
  ref.text = base::toValidUtf8(entry);
  ref.sha256 = base::sha256Hex(entry);
  const sources::EvidenceReader reader;
  QCOMPARE(reader.reread(ref).value(), entry);
  std::filesystem::rename(m_path, m_path + ".old");
  append("something else\n");
  QCOMPARE(reader.reread(ref).value(), entry);
  auto wrong = ref;
  wrong.text = "ERROR something worse";
  QVERIFY(reader.reread(wrong).error().code == base::ErrorCode::Stale);
  wrong = ref;
  wrong.position.offset = 5;
  QVERIFY(reader.reread(wrong).error().code == base::ErrorCode::Stale);
  wrong.position.offset = 1 << 20;
  QVERIFY(reader.reread(wrong).error().code == base::ErrorCode::Stale);
  wrong.position.length = 0xffffffff;
  QVERIFY(reader.reread(wrong).error().code == base::ErrorCode::LimitExceeded);
  std::filesystem::remove(m_path + ".old");
  QVERIFY(reader.reread(ref).error().code == base::ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestFileTail)
#include "tst_sources_file_tail.moc"
