// Figures only: how whole traces and slow queries of other projects' files come out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "integration/peers/peer_cases.h"
#include "parsing/record_assembler.h"
#include "unit/parsing/line_feeder.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> recordsOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  parsing::RecordAssembler assembler("/log", "peer");
  test::LineFeeder feeder;
  auto records = test::texts(assembler.add(feeder.chunk(bytes), base::TimePoint(1s), 0s));
  for (auto& last : test::texts(assembler.flush(0s, true))) records.push_back(std::move(last));
  return records;
}

}  // namespace

class TestPeersMore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tracesOfManyLanguages_data();
  void tracesOfManyLanguages();
  void slowQueries();
};

void TestPeersMore::tracesOfManyLanguages_data() {
  QTest::addColumn<QString>("folder");
  for (const char* folder :
       {"java_stacktraces", "js_stacktraces", "python_stacktraces", "ruby_stacktraces", "kerneloopses"})
    QTest::newRow(folder) << QString::fromLatin1(folder);
}

void TestPeersMore::tracesOfManyLanguages() {
  QFETCH(QString, folder);
  const auto path = test::evalData("peers/satyr/" + folder.toStdString());
  if (!path) QSKIP("no evaluation data: set AIOPS_EVAL");
  size_t files = 0, whole = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*path)) {
    if (entry.path().filename().string().contains("expected")) continue;
    const auto records = recordsOf(entry.path());
    ++files;
    whole += records.size() == 1;
    if (records.size() != 1)
      qInfo("%s: %zu records; the second: %.100s", entry.path().filename().c_str(), records.size(),
            records.size() > 1 ? records[1].c_str() : "");
  }
  qInfo("%s: %zu of %zu files are one record", qPrintable(folder), whole, files);
  // A report of the kernel is many lines with a time each; they stay records of their own.
  if (folder != QLatin1String("kerneloopses")) QVERIFY(whole * 4 >= files * 3 - 2);
}

void TestPeersMore::slowQueries() {
  const auto path = test::evalData("peers/percona_mysql/slowlogs");
  if (!path) QSKIP("no evaluation data: set AIOPS_EVAL");
  size_t files = 0, right = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*path)) {
    std::ifstream in(entry.path(), std::ios::binary);
    size_t queries = 0;
    for (std::string line; std::getline(in, line);) queries += line.starts_with("# User@Host: ");
    if (queries == 0) continue;  // a log of another kind
    const auto records = recordsOf(entry.path()).size();
    const bool ok = records >= queries && records <= queries + 3;  // three lines tell of each start
    ++files;
    right += ok;
    if (!ok) qInfo("%s: %zu queries, %zu records", entry.path().filename().c_str(), queries, records);
  }
  qInfo("slow logs: one record a query in %zu of %zu", right, files);
  QVERIFY(right * 10 >= files * 9);
}

QTEST_GUILESS_MAIN(TestPeersMore)
#include "tst_peers_more.moc"
