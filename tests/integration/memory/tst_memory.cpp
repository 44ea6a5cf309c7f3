// The memory of the running program stays its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "app/hardening.h"

class MemoryTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theServerLeavesNoCoreAndIsNotLookedInto() {
    QTemporaryDir home;
    QProcess server;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("AIOPS_HOME"), home.path());
    server.setProcessEnvironment(environment);
    server.start(QStringLiteral(AIOPS_BIN_DIR "/ai-ops-core"),
                 {QStringLiteral("--server"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
    QVERIFY(server.waitForStarted());
    QByteArray said;
    while (!said.contains("ready on") && server.waitForReadyRead(60'000))
      said += server.readAllStandardOutput();
    QVERIFY2(said.contains("ready on"), server.readAllStandardError().constData());
    const QString process = QStringLiteral("/proc/%1/").arg(server.processId());
    QFile limits(process + QStringLiteral("limits"));
    QVERIFY(limits.open(QIODevice::ReadOnly));
    const auto text = limits.readAll().simplified();
    QVERIFY2(text.contains("Max core file size 0 0 bytes"), text.constData());
#if !defined(__SANITIZE_ADDRESS__)
    if (::geteuid() != 0) QVERIFY(!QFile(process + QStringLiteral("environ")).open(QIODevice::ReadOnly));
#endif
    server.terminate();
    QVERIFY(server.waitForFinished(30'000));
    QCOMPARE(server.exitCode(), 0);
  }

  void whatItDoes() {
    aiops::app::keepMemoryPrivate();
    rlimit core{1, 1};
    QCOMPARE(::getrlimit(RLIMIT_CORE, &core), 0);
    QCOMPARE(core.rlim_max, rlim_t{0});
#if !defined(__SANITIZE_ADDRESS__)
    QCOMPARE(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
#endif
  }
};

QTEST_GUILESS_MAIN(MemoryTest)
#include "tst_memory.moc"
