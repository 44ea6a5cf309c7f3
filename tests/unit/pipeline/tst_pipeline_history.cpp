// `history`: the files that a log was before are read on the first start, the oldest first, each once, also
// compressed ones, also when the reader is killed and the files are rotated in the middle.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QProcess>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/bytes.h"
#include "sources/evidence_reader.h"
#include "unit/pipeline/rotation_world.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;

namespace {

constexpr int kLinesOfFile = 100;

std::string lineOf(int number) {
  return "2026-11-22T20:35:23Z INFO line " + std::to_string(number) + " of them";
}

std::vector<std::string> linesTo(int end) {
  std::vector<std::string> lines;
  for (int i = 0; i < end; ++i) lines.push_back(lineOf(i));
  return lines;
}

/// The tool for the ending of `name`; nothing when it needs none.
QString toolFor(const std::string& name) {
  if (name.ends_with(".gz")) return QStringLiteral("gzip");
  if (name.ends_with(".xz")) return QStringLiteral("xz");
  if (name.ends_with(".zst")) return QStringLiteral("zstd");
  if (name.ends_with(".bz2")) return QStringLiteral("bzip2");
  return {};
}

bool isInstalled(const QString& tool) {
  return tool.isEmpty() || !QStandardPaths::findExecutable(tool).isEmpty();
}

/// As logrotate does: a new file, the old one removed. zstd would keep it.
void compress(const std::string& plain, const std::string& compressed) {
  QProcess tool;
  tool.setStandardOutputFile(QString::fromStdString(compressed));
  tool.start(toolFor(compressed), {QStringLiteral("-c"), QString::fromStdString(plain)});
  if (!tool.waitForFinished() || tool.exitCode() != 0) qFatal("can't compress");
  fs::last_write_time(compressed, fs::last_write_time(plain));
  fs::remove(plain);
  fs::permissions(compressed, fs::perms(0644));
}

class Logs {
 public:
  Logs() { fs::permissions(m_folder.path().toStdString(), fs::perms(0755)); }

  std::string path(const std::string& name = "app.log") const {
    return m_folder.path().toStdString() + "/" + name;
  }
  /// Lines [begin, end) into a file of this name, compressed when it says so.
  void write(const std::string& name, int begin, int end) const {
    const auto tool = toolFor(name);
    const auto plain = tool.isEmpty() ? path(name) : path("plain");
    {
      std::ofstream out(plain, std::ios::binary | std::ios::app);
      for (int i = begin; i < end; ++i) out << lineOf(i) << "\n";
    }
    fs::permissions(plain, fs::perms(0644));
    if (!tool.isEmpty()) compress(plain, path(name));
  }
  /// "app.log" becomes ".1", that ".2.gz", and so on.
  void rotate() const {
    for (int i = 20; i >= 2; --i) move(std::to_string(i) + ".gz", std::to_string(i + 1) + ".gz");
    if (fs::exists(path("app.log.1"))) compress(path("app.log.1"), path("app.log.2.gz"));
    fs::rename(path(), path("app.log.1"));
  }

 private:
  void move(const std::string& from, const std::string& to) const {
    if (fs::exists(path("app.log." + from))) fs::rename(path("app.log." + from), path("app.log." + to));
  }

  QTemporaryDir m_folder;
};

void readAll(Reader& reader) {
  for (int i = 0; i < 20; ++i) {
    reader.read();
    reader.now += 2s;
  }
}

Reader readerOf(const std::string& asked) {
  Reader reader(asked);
  reader.history = true;
  reader.startAt = sources::StartAt::End;
  return reader;
}

}  // namespace

class TestHistory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void oldFilesAreReadOnceOldestFirst_data();
  void oldFilesAreReadOnceOldestFirst();
  void withoutHistoryTheyAreNot();
  void killsAndRotationsInTheMiddle();
  void aDamagedFileIsSaidAndTheRestIsRead();
  void whatMayNotBeReadYetIsReadLater();
  void filesOfAGlobHaveTheirHistory();
  void whatIsCitedCanBeReadAgain();
  void whatWasCompressedMeanwhileIsGoneOnWith();
};

void TestHistory::oldFilesAreReadOnceOldestFirst_data() {
  QTest::addColumn<QStringList>("names");  // the oldest first
  const auto row = [](const char* name, const char* names) {
    QTest::newRow(name) << QString::fromUtf8(names).split(QLatin1Char(' '));
  };
  row("numbers", "app.log.12 app.log.3 app.log.2 app.log.1 app.log");
  row("gzip", "app.log.10.gz app.log.9.gz app.log.2.gz app.log.1 app.log");
  row("all kinds", "app.log.5.bz2 app.log.4.zst app.log.3.xz app.log.2.gz app.log.1 app.log");
  row("dates", "app.log-20261108.gz app.log-20261115.gz app.log-20261122 app.log");
  row("dates with hours", "app.log.2026-11-21_23.gz app.log.2026-11-22_00 app.log.2026-11-22_13 app.log");
  row("dates inside", "app-20261120.log.xz app-20261121.log app.log");
  row("nothing old", "app.log");
  row("the log itself is not there yet", "app.log.2.gz app.log.1");
}

void TestHistory::oldFilesAreReadOnceOldestFirst() {
  QFETCH(QStringList, names);
  Logs logs;
  std::vector<int> order;
  for (int i = 0; i < names.size(); ++i) order.push_back(i);
  std::shuffle(order.begin(), order.end(), std::mt19937(3));  // as a copied directory has them
  for (const int i : order) {
    const auto name = names[i].toStdString();
    if (!isInstalled(toolFor(name))) QSKIP("a tool to compress with is not installed");
    logs.write(name, i * kLinesOfFile, (i + 1) * kLinesOfFile);
  }
  int end = static_cast<int>(names.size()) * kLinesOfFile;
  auto reader = readerOf(logs.path());
  reader.start();
  readAll(reader);
  if (!names.contains(QStringLiteral("app.log"))) {
    logs.write("app.log", end, end + 1);
    ++end;
    readAll(reader);
  }
  QCOMPARE(reader.lines, linesTo(end));
  logs.write("app.log", end, end + 10);
  readAll(reader);
  QCOMPARE(reader.lines, linesTo(end + 10));
  reader.kill();
  reader.start();
  logs.write("app.log", end + 10, end + 20);
  readAll(reader);
  QCOMPARE(reader.lines, linesTo(end + 20));
}

void TestHistory::withoutHistoryTheyAreNot() {
  Logs logs;
  logs.write("app.log.2.gz", 0, 10);
  logs.write("app.log.1", 10, 20);
  logs.write("app.log", 20, 30);
  auto reader = readerOf(logs.path());
  reader.history = false;
  reader.start();
  readAll(reader);
  QVERIFY(reader.lines.empty());
  logs.write("app.log", 30, 40);
  readAll(reader);
  QCOMPARE(reader.lines.size(), size_t(10));
}

void TestHistory::killsAndRotationsInTheMiddle() {
  for (unsigned seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    Logs logs;
    logs.write("app.log.4.gz", 0, 100);
    logs.write("app.log.3.gz", 100, 200);
    logs.write("app.log.2.gz", 200, 300);
    logs.write("app.log.1", 300, 400);
    logs.write("app.log", 400, 500);
    int end = 500;
    auto reader = readerOf(logs.path());
    reader.readPieces(400);
    int rotations = 0;
    for (int turn = 0; turn < 60; ++turn) {
      reader.start();
      const bool kill = random() % 3 == 0;
      reader.read(!kill || random() % 2 == 0, 1 + static_cast<int>(random() % 3));
      reader.now += 700ms;
      if (kill) reader.kill();
      if (random() % 15 == 0 && rotations < 3) {
        logs.rotate();
        ++rotations;
        logs.write("app.log", end, end + 50);
        end += 50;
      }
    }
    reader.start();
    readAll(reader);
    if (reader.lines != linesTo(end)) qWarning("seed %u", seed);
    QCOMPARE(reader.lines, linesTo(end));
  }
}

void TestHistory::aDamagedFileIsSaidAndTheRestIsRead() {
  Logs logs;
  logs.write("app.log.3.gz", 0, 5000);
  fs::resize_file(logs.path("app.log.3.gz"), fs::file_size(logs.path("app.log.3.gz")) / 2);
  std::ofstream(logs.path("app.log.2.gz")) << "this is no archive";
  logs.write("app.log.1", 5000, 5010);
  logs.write("app.log", 5010, 5020);
  auto reader = readerOf(logs.path());
  reader.start();
  readAll(reader);
  QVERIFY(reader.lines.size() > 20 && reader.lines.size() < 5000);
  QCOMPARE(reader.lines.front(), lineOf(0));
  QCOMPARE(reader.lines.back(), lineOf(5019));
  QCOMPARE(reader.lines[reader.lines.size() - 20], lineOf(5000));
  const auto told = std::ranges::count_if(reader.health, [](const auto& event) {
    return event.what.find("can't be read whole") != std::string::npos;
  });
  QCOMPARE(told, std::ptrdiff_t(2));
  QCOMPARE(reader.statuses().front().drops.at("gaps"), uint64_t(2));
}

void TestHistory::whatMayNotBeReadYetIsReadLater() {
  if (::geteuid() != 0) QSKIP("needs root to be somebody else for a while");
  Logs logs;
  const std::vector<std::string> names = {"app.log.2.gz", "app.log.1", "app.log"};
  for (int i = 0; i < 3; ++i) logs.write(names[static_cast<size_t>(i)], i * 10, (i + 1) * 10);
  for (const auto& name : names) fs::permissions(logs.path(name), fs::perms(0));
  auto reader = readerOf(logs.path());
  reader.start();
  readAll(reader);
  QVERIFY(reader.lines.empty());
  QCOMPARE(reader.health.size(), size_t(1));  // once, not every second
  for (const auto& name : names) fs::permissions(logs.path(name), fs::perms(0644));
  readAll(reader);
  QCOMPARE(reader.lines, linesTo(30));
}

void TestHistory::filesOfAGlobHaveTheirHistory() {
  Logs logs;
  logs.write("app.log.2.gz", 0, 10);
  logs.write("app.log.1", 10, 20);
  logs.write("app.log", 20, 30);
  logs.write("web.log.1", 100, 110);
  logs.write("web.log", 110, 120);
  auto reader = readerOf(logs.path("*.log"));
  reader.readPieces(300);
  reader.start();
  reader.read(true, 1);
  reader.kill();
  reader.start();
  readAll(reader);
  QCOMPARE(reader.lines.size(), size_t(50));
  QCOMPARE(std::set<std::string>(reader.lines.begin(), reader.lines.end()).size(), size_t(50));
}

void TestHistory::whatIsCitedCanBeReadAgain() {
  Logs logs;
  logs.write("app.log.3.xz", 0, 100);
  logs.write("app.log.2.gz", 100, 200);
  logs.write("app.log.1", 200, 300);
  logs.write("app.log", 300, 400);
  auto reader = readerOf(logs.path());
  reader.start();
  readAll(reader);
  QCOMPARE(reader.records.size(), size_t(400));
  const auto check = [&] {
    for (size_t i = 0; i < reader.records.size(); i += 10) {
      const auto& line = reader.records[i];
      const model::EvidenceRef ref{.source = line.source,
                                   .position = line.position,
                                   .text = line.text,
                                   .sha256 = base::sha256Hex(line.text)};
      const auto again = sources::EvidenceReader().reread(ref);
      QVERIFY2(again.has_value(), again ? "" : (again.error().line() + " " + line.text).c_str());
      QCOMPARE(*again, line.text);
      auto wrong = ref;
      wrong.position.offset += 1;
      QVERIFY(!sources::EvidenceReader().reread(wrong).has_value());
    }
  };
  check();
  compress(logs.path("app.log.1"), logs.path("app.log.1.gz"));  // its inode is gone
  check();
}

/// Without `history` too: two rotations, the first one compressed, while nobody reads.
void TestHistory::whatWasCompressedMeanwhileIsGoneOnWith() {
  Logs logs;
  logs.write("app.log", 0, 100);
  auto reader = readerOf(logs.path());
  reader.history = false;
  reader.startAt = sources::StartAt::Beginning;
  reader.start();
  readAll(reader);
  reader.kill();
  logs.write("app.log", 100, 200);
  logs.rotate();
  logs.write("app.log", 200, 300);
  logs.rotate();
  logs.write("app.log", 300, 400);
  logs.rotate();
  logs.write("app.log", 400, 500);
  reader.start();
  readAll(reader);
  QCOMPARE(reader.lines, linesTo(500));
}

QTEST_GUILESS_MAIN(TestHistory)

#include "tst_pipeline_history.moc"
