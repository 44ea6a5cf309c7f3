// The key ring against a real Secret Service (gnome-keyring) on a session bus of its own, and against one
// that hangs. The program starts itself again under dbus-run-session, so that the desktop's own key ring, if
// there is one, is never touched. SPDX-License-Identifier: GPL-3.0-or-later
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QProcess>
#include <QStandardPaths>
#include <QtTest>
#include <atomic>
#include <thread>

#include <signal.h>

#include "security/key_ring.h"

using namespace aiops;
using base::ErrorCode;
using namespace std::chrono_literals;

namespace {

constexpr const char* kInside = "AIOPS_TEST_INSIDE_SESSION_BUS";
const std::string kName = "ai.openai_api_key /some/home", kValue = "sk-0123456789 \xC3\xA9 \"quoted\"\nline";

}  // namespace

class TestKeyRing : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (qEnvironmentVariableIsSet(kInside)) startKeyring();
  }
  void cleanupTestCase() {
    m_keyring.kill();
    m_keyring.waitForFinished();
  }

  /// Outside: the whole test once more, inside.
  void onABusOfItsOwn() {
    if (qEnvironmentVariableIsSet(kInside)) return;
    const QString session = QStandardPaths::findExecutable(QStringLiteral("dbus-run-session"));
    if (session.isEmpty() || keyringProgram().isEmpty()) {
      qInfo("not tested: dbus-run-session or gnome-keyring-daemon is not installed here");
      return;
    }
    const QTemporaryDir home;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QLatin1String(kInside), QStringLiteral("1"));
    for (const char* name : {"HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"})
      environment.insert(QLatin1String(name), home.path());
    QProcess inside;
    inside.setProcessEnvironment(environment);
    inside.setProcessChannelMode(QProcess::ForwardedChannels);
    inside.start(session, {QStringLiteral("--"), QCoreApplication::applicationFilePath()});
    QVERIFY(inside.waitForFinished(100'000));
    QCOMPARE(inside.exitCode(), 0);
  }

  void withoutABusThereIsNone() {
    if (qEnvironmentVariableIsSet(kInside)) return;
    const auto bus = qgetenv("DBUS_SESSION_BUS_ADDRESS"), runtime = qgetenv("XDG_RUNTIME_DIR");
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("XDG_RUNTIME_DIR", "/nonexistent");
    const auto written = security::KeyRing(1s).write(kName, kValue);
    QVERIFY(!written && written.error().code == ErrorCode::Unavailable);
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    const auto read = security::KeyRing(1s).read(kName);
    QVERIFY(!read && read.error().code == ErrorCode::Unavailable);
    qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
    qputenv("XDG_RUNTIME_DIR", runtime);
  }

  void writtenReadRemoved() {
    if (!m_running) return;
    security::KeyRing ring(20s);
    auto missing = ring.read(kName);
    QVERIFY(!missing);
    QVERIFY2(missing.error().code == ErrorCode::NotFound, missing.error().line().c_str());
    const auto written = ring.write(kName, kValue);
    QVERIFY2(written.has_value(), written ? "" : written.error().line().c_str());
    auto read = ring.read(kName);
    QVERIFY2(read.has_value(), read ? "" : read.error().line().c_str());
    QCOMPARE(*read, kValue);
    QVERIFY(ring.write(kName, "another").has_value());
    QCOMPARE(*ring.read(kName), std::string("another"));
    QVERIFY(ring.remove(kName).has_value());
    QVERIFY(!ring.read(kName));
  }

  /// As the engine calls it: on a thread that Qt did not start, while the application's thread runs.
  void onAnyThread() {
    if (!m_running) return;
    base::Result<std::string> read;
    std::atomic<bool> done = false;
    std::thread worker([&] {
      security::KeyRing ring(20s);
      if (auto written = ring.write(kName, kValue)) read = ring.read(kName);
      done = true;
    });
    const bool ended = QTest::qWaitFor([&] { return done.load(); }, 50000);
    worker.join();
    QVERIFY(ended);
    QCOMPARE(read.value_or("nothing"), kValue);
    QVERIFY(security::KeyRing(20s).remove(kName).has_value());
  }

  void theStoreSaysKeyRing() {
    if (!m_running) return;
    const QTemporaryDir home;
    security::KeyRing ring(20s);
    security::SecretStore store(home.path().toStdString(), ring);
    QCOMPARE(store.write("notify.slack_webhook", "https://a.example/x").value_or(""),
             std::string("key ring"));
    QCOMPARE(store.read("notify.slack_webhook").value_or(""), std::string("https://a.example/x"));
    QVERIFY(store.remove("notify.slack_webhook").has_value());
  }

  /// Stopped, it keeps its name on the bus and answers nothing: each call ends by its bound.
  void oneThatHangsIsLeftOut() {
    if (!m_running) return;
    const auto pid = static_cast<pid_t>(m_keyring.processId());
    QCOMPARE(::kill(pid, SIGSTOP), 0);
    security::KeyRing ring(300ms);
    const auto read = ring.read(kName);
    const auto written = ring.write(kName, kValue);
    const auto removed = ring.remove(kName);
    QCOMPARE(::kill(pid, SIGCONT), 0);
    QVERIFY(!read && read.error().code == ErrorCode::Timeout);
    QVERIFY(!written && written.error().code == ErrorCode::Timeout);
    QVERIFY(!removed && removed.error().code == ErrorCode::Timeout);
    // What was left to itself does no harm when the answers come after all.
    QTest::qWait(200);
    QVERIFY(security::KeyRing(20s).write(kName, "again").has_value());
    QCOMPARE(security::KeyRing(20s).read(kName).value_or(""), std::string("again"));
  }

 private:
  static QString keyringProgram() {
    return QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon"));
  }

  void startKeyring() {
    m_keyring.setProcessChannelMode(QProcess::MergedChannels);
    m_keyring.start(keyringProgram(), {QStringLiteral("--foreground"), QStringLiteral("--unlock"),
                                       QStringLiteral("--components=secrets")});
    QVERIFY(m_keyring.waitForStarted());
    m_keyring.write("a password of the test\n");
    m_keyring.closeWriteChannel();
    // Not before it has its name: the bus would start another one, which is locked.
    const auto* bus = QDBusConnection::sessionBus().interface();
    const auto there = [&] {
      return bus->isServiceRegistered(QStringLiteral("org.freedesktop.secrets")).value();
    };
    m_running = QTest::qWaitFor(there, 30000);
    QVERIFY2(m_running, m_keyring.readAll().constData());
  }

  QProcess m_keyring;
  bool m_running = false;
};

QTEST_GUILESS_MAIN(TestKeyRing)
#include "tst_security_key_ring.moc"
