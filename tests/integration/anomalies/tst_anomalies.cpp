// `ai-ops-core anomalies` as a user calls it: output, accepted times, and what a bad row says.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QProcess>
#include <QTemporaryDir>

namespace {

struct Answer {
  int status = -1;
  QByteArray out, err;
};

Answer run(const QByteArray& csv, const QString& format = QStringLiteral("csv")) {
  QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("s.csv")));
  if (!file.open(QIODevice::WriteOnly)) qFatal("no file");
  file.write(csv);
  file.close();
  QProcess process;
  process.start(QStringLiteral(AIOPS_BIN_DIR "/ai-ops-core"),
                {QStringLiteral("anomalies"), file.fileName(), QStringLiteral("--format"), format});
  if (!process.waitForFinished(30'000)) qFatal("it does not end");
  return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

}  // namespace

class TestAnomalies : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void badRowsAreNamed_data() {
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("time") << QByteArray("timestamp,value\nyesterday,1\n") << QByteArray("s.csv:2");
    QTest::newRow("number") << QByteArray("1767225600,1\n\n1767225601,x\n") << QByteArray("s.csv:3");
    QTest::newRow("no number") << QByteArray("1767225600,nan\n") << QByteArray("s.csv:1");
    QTest::newRow("column") << QByteArray("1767225600\n") << QByteArray("s.csv:1");
    QTest::newRow("nothing") << QByteArray() << QByteArray("empty");
  }

  void badRowsAreNamed() {
    QFETCH(QByteArray, csv);
    QFETCH(QByteArray, said);
    const auto answer = run(csv);
    QCOMPARE(answer.status, 3);
    QVERIFY2(answer.err.contains(said), answer.err.constData());
  }

  void formatsAreChecked() { QCOMPARE(run("1767225600,1\n", QStringLiteral("json")).status, 2); }

  void timesOfEachKindAreRead() {
    const auto answer =
        run("timestamp,value\n2026-01-01T00:00:00Z,1\r\n2026-01-01 00:05:00,2\n2026-01-01 "
            "00:10,3\n1767225600,4\n");
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.out,
             QByteArray("timestamp,value,anomaly_score\n2026-01-01T00:00:00Z,1,0\n2026-01-01 00:05:00,2,0\n"
                        "2026-01-01 00:10,3,0\n1767225600,4,0\n"));
  }

  void theDeviationIsPrinted() {
    QByteArray csv = "value,timestamp\n";
    for (int i = 0; i < 500; ++i)
      csv += (i == 400 ? "90," : "45,") + QByteArray::number(1767225600 + 60 * i) + "\n";
    const auto answer = run(csv, QStringLiteral("text"));
    QCOMPARE(answer.status, 0);
    QCOMPARE(answer.out.count('\n'), 1);
    QVERIFY(answer.out.startsWith("1767249600  90  expected 45"));
  }
};

QTEST_GUILESS_MAIN(TestAnomalies)
#include "tst_anomalies.moc"
