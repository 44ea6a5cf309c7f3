// How commands end, and that nothing of them stays.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QProcess>
#include <QtTest>
#include <csignal>

#include "sandbox/output_capture.h"
#include "sandbox_test.h"

using namespace aiops::sandbox;
using End = CommandResult::End;
using std::chrono::milliseconds;

class LifetimeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_tag = newTag();
    m_confinement = {};
    m_confinement.timeout = milliseconds(20000);
    m_confinement.grace = milliseconds(100);
  }
  void cleanup() { QCOMPARE(countTagged(m_tag), 0); }

  void exitStatusIsTold() {
    const auto good = run(evil({"exit", "0", m_tag}), m_confinement),
               bad = run(evil({"exit", "7", m_tag}), m_confinement);
    QVERIFY(good->succeeded());
    QCOMPARE(good->leftovers, 0u);
    QVERIFY(!bad->succeeded());
    QCOMPARE(bad->exitCode, 7);
  }

  void aSignalIsNotSuccess() {
    const auto result = run(evil({"die", std::to_string(SIGUSR1), m_tag}), m_confinement);
    QCOMPARE(result->end, End::Signalled);
    QCOMPARE(result->exitCode, SIGUSR1);
    QVERIFY(!result->succeeded());
  }

  void aDaemonisedChildIsEnded() {
    const auto result = run(evil({"daemon", m_tag}), m_confinement);
    QCOMPARE(result->end, End::Exited);
    QCOMPARE(countTagged(m_tag), 0);
  }

  void aHangingProgramIsTimedOut() {
    m_confinement.timeout = milliseconds(200);
    const auto result = run(evil({"ignore", m_tag}), m_confinement);
    QCOMPARE(result->end, End::TimedOut);
    QCOMPARE(result->exitCode, SIGKILL);  // SIGTERM was ignored
    QVERIFY(!result->succeeded());
    QCOMPARE(result->output, std::string("ready\n"));
  }

  void sigtermComesFirst() {
    m_confinement.timeout = milliseconds(200);
    m_confinement.grace = milliseconds(20000);
    const auto result = run(evil({"family", m_tag}), m_confinement);
    QCOMPARE(result->end, End::TimedOut);
    QCOMPARE(result->exitCode, SIGTERM);
  }

  void cancelEndsIt() {
    RunHooks hooks;
    bool ready = false;
    hooks.output = [&](const std::string&) { ready = true; };
    hooks.cancelled = [&] { return ready; };
    const auto result = run(evil({"ignore", m_tag}), m_confinement, hooks);
    QCOMPARE(result->end, End::Cancelled);
    QVERIFY(!result->succeeded());
  }

  void aForkBombIsContained() {
    m_confinement.maxProcesses = 32;
    const auto result = run(evil({"bomb", m_tag}), m_confinement);
    QCOMPARE(result->end, End::TooManyProcesses);
    QVERIFY(!result->succeeded());
    QCOMPARE(countTagged(m_tag), 0);
  }

  void aFloodOfOutputIsCapped() {
    struct rusage before{}, after{};
    ::getrusage(RUSAGE_SELF, &before);
    size_t shown = 0;
    RunHooks hooks;
    hooks.output = [&](const std::string& chunk) { shown += chunk.size(); };
    const auto result = run(evil({"flood", "1024", m_tag}), m_confinement, hooks);
    ::getrusage(RUSAGE_SELF, &after);
    QVERIFY(result->succeeded());
    QCOMPARE(result->outputBytes, uint64_t(1) << 30);
    QVERIFY(result->output.size() < 3 * m_confinement.outputLimit);
    QVERIFY(result->output.find("bytes left out") != std::string::npos);
    QVERIFY(shown <= 3 * m_confinement.outputLimit);
    QVERIFY(after.ru_maxrss - before.ru_maxrss < 64 * 1024);  // KiB
  }

  void captureKeepsBothEnds() {
    // Against the obvious version, for every split of the input into pieces.
    for (size_t length : {0, 1, 9, 10, 11, 19, 20, 21, 35, 200}) {
      std::string text;
      for (size_t i = 0; i < length; ++i) text += static_cast<char>('a' + i % 26);
      const std::string expected = length <= 20 ? text
                                                : text.substr(0, 10) + "\n[" + std::to_string(length - 20) +
                                                      " bytes left out]\n" + text.substr(length - 10);
      for (size_t piece : {1, 2, 7, 10, 25, 1000}) {
        OutputCapture capture(10);
        for (size_t at = 0; at < length; at += piece) capture.add(std::string_view(text).substr(at, piece));
        QCOMPARE(capture.text(), expected);
        QCOMPARE(capture.total(), uint64_t(length));
      }
    }
  }

  void thePidIsToldBeforeTheProgramRuns() {
    RunHooks hooks;
    std::string program;
    bool found = false;
    hooks.started = [&](int pid, const std::string& startTime) {
      const auto info = readProcess(pid);
      found = info && info->startTime == startTime && info->session == pid;
      program = contents("/proc/" + std::to_string(pid) + "/cmdline");
    };
    QVERIFY(run(evil({"exit", "0", m_tag}), m_confinement, hooks)->succeeded());
    QVERIFY(found);
    QVERIFY(program.find(m_tag) == std::string::npos);
  }

  void otherChildrenAreLeftAlone() {
    QProcess other;
    other.start(QStringLiteral(EVIL), {QStringLiteral("ignore")});
    QVERIFY(other.waitForReadyRead());
    QVERIFY(run(evil({"daemon", m_tag}), m_confinement)->succeeded());
    QCOMPARE(other.state(), QProcess::Running);
    other.kill();
    QVERIFY(other.waitForFinished());
    QCOMPARE(other.exitStatus(), QProcess::CrashExit);
  }

  void diesWithItsRunnerAndTheRestIsFound() {
    QProcess runner;
    const auto [pid, startTime] = startUnder(runner, "family");
    QVERIFY(pid > 1);
    QCOMPARE(countTagged(m_tag), 3);  // runner, leader, child
    runner.kill();
    QVERIFY(runner.waitForFinished());
    QTRY_VERIFY(!readProcess(pid) || readProcess(pid)->dead());
    QCOMPARE(countTagged(m_tag), 1);  // the child of the leader outlived both
    QCOMPARE(endLeftOver(pid, startTime), 1u);
    QCOMPARE(countTagged(m_tag), 0);
    QCOMPARE(endLeftOver(pid, startTime), 0u);
  }

  void endLeftOverWantsTheStartTime() {
    QProcess process;
    process.start(QStringLiteral(EVIL), {QStringLiteral("ignore"), QString::fromStdString(m_tag)});
    QVERIFY(process.waitForReadyRead());
    const int pid = static_cast<int>(process.processId());
    const auto startTime = readProcess(pid)->startTime;
    QCOMPARE(endLeftOver(pid, startTime + "1"), 0u);
    QCOMPARE(endLeftOver(pid, ""), 0u);
    QCOMPARE(endLeftOver(1, readProcess(1)->startTime), 0u);
    QCOMPARE(countTagged(m_tag), 1);
    QCOMPARE(endLeftOver(pid, startTime), 1u);
    QVERIFY(process.waitForFinished());
  }

  void statSurvivesHostileNames() {
    const auto info = parseStat("42 (a) R 1 1 (b) S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4711 0\n");
    QVERIFY(info);
    QCOMPARE(info->pid, 42);
    QCOMPARE(info->parent, 7);
    QCOMPARE(info->session, 9);
    QCOMPARE(info->threads, 3u);
    QCOMPARE(info->startTime, std::string("4711"));
    for (const char* bad :
         {"", "42", "42 (a", "42 (a) S 7", "x (a) S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4711"}) {
      QVERIFY(!parseStat(bad));
    }
  }

 private:
  /// Starts the evil program under a runner that can be killed; its pid and start time.
  std::pair<int, std::string> startUnder(QProcess& runner, const char* mode) {
    runner.start(QStringLiteral(RUNNER),
                 {QStringLiteral(EVIL), QString::fromLatin1(mode), QString::fromStdString(m_tag)});
    QByteArray said;
    while (!said.contains("ready") && runner.waitForReadyRead()) said += runner.readAll();
    const auto parts = said.split('\n').value(0).split(' ');
    return {parts.value(0).toInt(), parts.value(1).toStdString()};
  }

  std::string m_tag;
  Confinement m_confinement;
};

QTEST_GUILESS_MAIN(LifetimeTest)
#include "tst_sandbox_lifetime.moc"
