// Compressed logs read as what they hold, by the tools that compress them; damaged ones as far as they go.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <fstream>

#include "detection/detector.h"
#include "detection/evidence.h"
#include "pipeline/file_reader.h"
#include "sources/evidence_reader.h"

using namespace aiops;

class TestCompressed : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aCompressedFileIsReadAsItsContent_data();
  void aCompressedFileIsReadAsItsContent();
  void aCutArchiveGivesWhatItHas();
  void whatIsNoArchiveSaysSo();
};

namespace {

constexpr int kLines = 5000;

std::string writeLog(const QTemporaryDir& folder) {
  const auto path = folder.filePath(QStringLiteral("app.log")).toStdString();
  std::ofstream out(path, std::ios::binary);
  for (int i = 0; i < kLines; ++i) out << "2026-11-22T20:00:00Z INFO app: line " << i << "\n";
  return path;
}

bool compress(const QString& tool, const std::string& path) {
  return QProcess::execute(tool, {QStringLiteral("-q"), QString::fromStdString(path)}) == 0;
}

}  // namespace

void TestCompressed::aCompressedFileIsReadAsItsContent_data() {
  QTest::addColumn<QString>("tool");
  QTest::addColumn<QString>("ending");
  QTest::newRow("gzip") << QStringLiteral("gzip") << QStringLiteral(".gz");
  QTest::newRow("bzip2") << QStringLiteral("bzip2") << QStringLiteral(".bz2");
  QTest::newRow("xz") << QStringLiteral("xz") << QStringLiteral(".xz");
  QTest::newRow("zstd") << QStringLiteral("zstd") << QStringLiteral(".zst");
}

void TestCompressed::aCompressedFileIsReadAsItsContent() {
  QFETCH(QString, tool);
  QFETCH(QString, ending);
  QTemporaryDir folder;
  auto path = writeLog(folder);
  if (!compress(tool, path)) QSKIP(qPrintable(tool + QStringLiteral(" is not installed")));
  path += ending.toStdString();
  auto reader = pipeline::FileReader::open(path, "app", {}, base::SystemClock().now());
  QVERIFY(reader.has_value());
  int count = 0;
  std::vector<model::EvidenceRef> cited;
  while ((*reader)->next()) {
    const auto& record = (*reader)->record();
    QVERIFY(record.text.ends_with("line " + std::to_string(count)));
    QCOMPARE(record.position.line, uint64_t(count + 1));
    if (count++ % 1000 == 0) cited.push_back(detection::makeEvidence((*reader)->current(), record));
  }
  QCOMPARE(count, kLines);
  QVERIFY((*reader)->problem().empty());
  for (const auto& ref : cited) QVERIFY(sources::EvidenceReader().reread(ref).has_value());
  auto wrong = cited.back();
  wrong.position.offset += 1;
  QVERIFY(!sources::EvidenceReader().reread(wrong).has_value());
}

void TestCompressed::aCutArchiveGivesWhatItHas() {
  QTemporaryDir folder;
  auto path = writeLog(folder);
  if (!compress(QStringLiteral("gzip"), path)) QSKIP("gzip is not installed");
  path += ".gz";
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  auto reader = pipeline::FileReader::open(path, "app", {}, base::SystemClock().now());
  QVERIFY(reader.has_value());
  int count = 0;
  while ((*reader)->next()) ++count;
  QVERIFY(count < kLines);
  QVERIFY((*reader)->problem().find("cut off") != std::string::npos);
}

void TestCompressed::whatIsNoArchiveSaysSo() {
  QTemporaryDir folder;
  const auto path = folder.filePath(QStringLiteral("app.log.gz")).toStdString();
  std::ofstream(path) << "2026-11-22T20:00:00Z INFO app: not compressed at all\n";
  auto reader = pipeline::FileReader::open(path, "app", {}, base::SystemClock().now());
  QVERIFY(reader.has_value());
  QVERIFY(!(*reader)->next());
  QVERIFY(!(*reader)->problem().empty());
  QVERIFY(!pipeline::FileReader::open("/no/such.gz", "app", {}, base::SystemClock().now()).has_value());
}

QTEST_GUILESS_MAIN(TestCompressed)

#include "tst_pipeline_compressed.moc"
