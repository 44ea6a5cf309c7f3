// One instance a home.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "samples.h"
#include "storage/instance_lock.h"

using namespace aiops;
using storage::InstanceLock;

class TestLock : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theSecondIsToldWhoHoldsTheHome() {
    const QTemporaryDir dir;
    const std::filesystem::path home = dir.path().toStdString();
    QVERIFY(!InstanceLock::holder(home));
    {
      auto first = InstanceLock::acquire(home);
      REQUIRE_OK(first);
      REQUIRE_ERROR(InstanceLock::acquire(home), Conflict);
      REQUIRE_OK(first->setEndpoint("http://127.0.0.1:8500"));
      const std::string message = InstanceLock::acquire(home).error().line();
      const std::string expected = "home " + home.string() + " is held by another instance (pid " +
                                   std::to_string(getpid()) + ", http://127.0.0.1:8500)";
      QVERIFY2(message.starts_with(expected), message.c_str());
      const auto holder = InstanceLock::holder(home);
      QVERIFY(holder);
      QCOMPARE(holder->pid, static_cast<int>(getpid()));
      QCOMPARE(holder->endpoint, std::string("http://127.0.0.1:8500"));
    }
    QVERIFY(!InstanceLock::holder(home));
    REQUIRE_OK(InstanceLock::acquire(home));
  }

  void aKilledHolderLeavesNothing() {
    const QTemporaryDir dir;
    const std::filesystem::path home = dir.path().toStdString();
    int ready[2];
    QCOMPARE(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto held = InstanceLock::acquire(home);
      const char answer = held ? 'y' : 'n';
      if (write(ready[1], &answer, 1) != 1) _exit(1);
      for (;;) pause();
    }
    char answer = 0;
    QCOMPARE(read(ready[0], &answer, 1), ssize_t{1});
    QCOMPARE(answer, 'y');
    QCOMPARE(InstanceLock::holder(home).value_or(storage::Holder{}).pid, static_cast<int>(child));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
    QVERIFY(!InstanceLock::holder(home));
    REQUIRE_OK(InstanceLock::acquire(home));
  }

  void aDamagedLockFileIsNoObstacle() {
    const QTemporaryDir dir;
    const std::filesystem::path home = dir.path().toStdString();
    auto held = InstanceLock::acquire(home);
    REQUIRE_OK(held);
    QFile file(dir.filePath(QStringLiteral("lock")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[1, {\xff");
    file.close();
    QCOMPARE(InstanceLock::holder(home).value_or(storage::Holder{7, ""}).pid, 0);
    REQUIRE_ERROR(InstanceLock::acquire(home), Conflict);
  }

  void aMissingHomeIsAnError() { REQUIRE_ERROR(InstanceLock::acquire("/nonexistent/home"), NotFound); }
};

QTEST_GUILESS_MAIN(TestLock)
#include "tst_storage_lock.moc"
