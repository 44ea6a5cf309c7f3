// The executor process with a real service: what runs, what is refused, what is undone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <signal.h>
#include <sys/stat.h>

#include "unit/remediation/executor_world.h"

using namespace aiops;
using namespace aiops::remediation;
using base::ErrorCode;
using model::FixState;
using test::ExecutorWorld;

#define VERIFY_RESULT(expression)                                           \
  do {                                                                      \
    const auto verified_ = (expression);                                    \
    QVERIFY2(verified_, verified_ ? "" : verified_.error().line().c_str()); \
  } while (false)

namespace {

bool refusedWith(const base::Result<>& result, ErrorCode code) {
  if (!result && result.error().code != code) qWarning("%s", result.error().line().c_str());
  return !result && result.error().code == code;
}

}  // namespace

class TestExecutor : public QObject {
  Q_OBJECT

  /// After the executor has ended: the journal keeps its rules and the audit chain verifies.
  static void checkBooks(ExecutorWorld& world) {
    world.client.reset();
    const auto broken = invariantViolations(world.records());
    QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
    QVERIFY(world.auditIsWhole());
  }

 private Q_SLOTS:
  void runsWhatWasApproved() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    QVERIFY(world.changed());
    QCOMPARE(world.ledger(), std::string("128 "));
    VERIFY_RESULT(world.client->verdict(world.hash, true, "8 of 8 checks passed"));
    QVERIFY(world.reaches(FixState::Succeeded));
    const auto status = world.client->statusOfRuns();
    QCOMPARE(status->runs.size(), size_t(1));
    QVERIFY(status->runs[0].steps[1].state == model::StepState::Done);
    QCOMPARE(status->runs[0].approvedBy, std::string("tester"));
    checkBooks(world);
    QVERIFY(world.changed());
  }

  void undoesInOrderWhenValidationFails() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    VERIFY_RESULT(world.client->verdict(world.hash, false, "still 503"));
    QVERIFY(world.reaches(FixState::RolledBack));
    QVERIFY(world.lastDetail.find("still 503") != std::string::npos);
    QVERIFY(world.unchanged());
    QCOMPARE(world.ledger(), std::string("128 64 "));  // the second restart read the restored file
    checkBooks(world);
  }

  void undoesWhenAStepFails() {
    ExecutorWorld world;
    world.touch("fail-restart");
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    // The inverse is the same command and fails too, but the check proves that the old limit still runs.
    QVERIFY(world.reaches(FixState::RolledBack));
    QVERIFY(world.unchanged());
    QCOMPARE(world.ledger(), std::string());
    checkBooks(world);
  }

  void anApprovalRunsOnce() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    QVERIFY(refusedWith(world.client->approve(world.bytes, world.hash, "other", ""), ErrorCode::Conflict));
    int accepted = 0;
    for (int i = 0; i < 1000; ++i) {
      if (world.client->execute(world.bytes, world.hash)) ++accepted;
      if (i == 500) QVERIFY(world.client->verdict(world.hash, true, "") || true);
    }
    QCOMPARE(accepted, 1);
    QCOMPARE(world.ledger(), std::string("128 "));
    QVERIFY(refusedWith(world.client->approve(world.bytes, world.hash, "tester", ""), ErrorCode::Conflict));
    checkBooks(world);
  }

  void anyChangedByteIsRefused() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    for (size_t at = 0; at < world.bytes.size(); at += 97) {
      std::string mutated = world.bytes;
      mutated[at] = static_cast<char>(mutated[at] ^ 1);
      QVERIFY(!world.client->execute(mutated, world.hash));
      QVERIFY(!world.client->execute(mutated, base::sha256Hex(mutated)));
    }
    QVERIFY(world.unchanged());
    QCOMPARE(world.ledger(), std::string());
    checkBooks(world);
  }

  void refusesWhatIsNotApprovedExpiredOrWithdrawn() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::NotFound));
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    VERIFY_RESULT(world.client->reject(world.hash, "tester", "not now"));
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::NotFound));
    world.config.approvalLifetimeOther = std::chrono::seconds(0);
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Timeout));
    QVERIFY(world.unchanged());
    checkBooks(world);
  }

  void refusesWhatChangedSinceTheApproval() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    world.writeConfig(test::kConfigBefore + " ");
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Stale));
    world.writeConfig(test::kConfigBefore);
    ::chmod(world.configFile().c_str(), 0644);
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Stale));
    ::chmod(world.configFile().c_str(), 0640);
    std::ofstream(world.playbookFile(), std::ios::app) << "# a note\n";
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Stale));
    std::filesystem::remove(world.playbookFile());
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Stale));
    QCOMPARE(world.ledger(), std::string());
    checkBooks(world);
  }

  void stopEndsTheRunningStepAndUndoes_data() {
    QTest::addColumn<bool>("byFile");
    QTest::newRow("by request") << false;
    QTest::newRow("by file alone") << true;
  }
  void stopEndsTheRunningStepAndUndoes() {
    QFETCH(bool, byFile);
    ExecutorWorld world;
    world.touch("hang");
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.waitForOutput(1));
    std::filesystem::remove(world.root() / "hang");
    if (byFile) {
      std::ofstream(stopFile(world.config.home)) << "";
    } else {
      VERIFY_RESULT(world.client->stop("tester", "enough"));
    }
    QVERIFY(world.reaches(FixState::RolledBack));
    QVERIFY(world.unchanged());
    const std::string other = world.bytes;
    QVERIFY(refusedWith(world.client->approve(other, world.hash, "tester", ""), ErrorCode::Conflict));
    VERIFY_RESULT(world.startExecutor());  // stop survives a restart
    const auto status = world.client->statusOfRuns();
    QVERIFY(status->stopped);
    QCOMPARE(status->stoppedBy, std::string(byFile ? "" : "tester"));
    VERIFY_RESULT(world.client->resume("tester", "go on"));
    QVERIFY(!world.client->status()->stopped);
    checkBooks(world);
  }

  void stoppedMeansNothingIsApprovedOrRun() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.client->stop("tester", "night"));
    QVERIFY(refusedWith(world.client->approve(world.bytes, world.hash, "tester", ""), ErrorCode::Conflict));
    VERIFY_RESULT(world.client->resume("tester", ""));
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    VERIFY_RESULT(world.client->stop("tester", "again"));
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Conflict));
    QVERIFY(world.unchanged());
    checkBooks(world);
  }

  void undoesWhenTheEngineIsLost_data() {
    QTest::addColumn<bool>("running");
    QTest::newRow("while a step runs") << true;
    QTest::newRow("while validating") << false;
  }
  void undoesWhenTheEngineIsLost() {
    QFETCH(bool, running);
    ExecutorWorld world;
    if (running) world.touch("hang");
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(running ? world.waitForOutput(1) : world.reaches(FixState::Validating));
    std::filesystem::remove(world.root() / "hang");
    world.client.reset();
    VERIFY_RESULT(world.startExecutor());  // waits until the first one has finished
    QVERIFY(world.client->statusOfRuns()->runs[0].state == FixState::RolledBack);
    QVERIFY(world.unchanged());
    checkBooks(world);
  }

  void sigtermUndoesAndEnds() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    ::kill(world.client->pid(), SIGTERM);
    QVERIFY(world.reaches(FixState::RolledBack));
    QTRY_VERIFY(!world.client->connected());
    QVERIFY(world.unchanged());
    checkBooks(world);
  }

  void validationIsBounded() {
    ExecutorWorld world;
    world.config.validationTimeout = std::chrono::milliseconds(200);
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::RolledBack));
    QVERIFY(world.unchanged());
    checkBooks(world);
  }

  void someoneElsesChangeIsNotOverwritten() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    world.writeConfig("memory_limit_mb = 300\n");
    VERIFY_RESULT(world.client->verdict(world.hash, false, "no better"));
    QVERIFY(world.reaches(FixState::NeedsHuman));
    QCOMPARE(world.configBytes(), std::string("memory_limit_mb = 300\n"));
    QCOMPARE(world.ledger(), std::string("128 "));  // no restart onto someone else's file
    QVERIFY(world.lastDetail.find("By hand") != std::string::npos);
    QVERIFY(world.lastDetail.find("'" AIOPS_HELPER "' 'ctl' 'restart'") != std::string::npos);
    const auto kept = executorDirectory(world.config.home) / "kept" / base::sha256Hex(test::kConfigBefore);
    QCOMPARE(*base::readFile(kept), test::kConfigBefore);
    // Locked until a person clears it.
    QVERIFY(world.client->status()->lockedTargets.contains("web"));
    world.planned = world.plan().value();
    const auto bytes = model::canonicalBytes(world.planned.plan);
    QVERIFY(
        refusedWith(world.client->approve(bytes, world.planned.planHash, "tester", ""), ErrorCode::Conflict));
    VERIFY_RESULT(world.client->unlockTarget("web", "tester", "put right"));
    VERIFY_RESULT(world.client->approve(bytes, world.planned.planHash, "tester", ""));
    checkBooks(world);
  }

  void aFailedUndoLocksTheTarget() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    world.touch("fail-restart");
    VERIFY_RESULT(world.client->verdict(world.hash, false, "no better"));
    QVERIFY(world.reaches(FixState::RollbackFailed));
    QVERIFY(world.unchanged());  // the file is back; the restart is what a person must do
    QVERIFY(world.client->status()->lockedTargets.contains("web"));
    checkBooks(world);
  }

  void oneFixAtATime() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    QVERIFY(refusedWith(world.client->execute(world.bytes, world.hash), ErrorCode::Conflict));
    QVERIFY(refusedWith(world.client->verdict("no such plan", true, ""), ErrorCode::Conflict));
    VERIFY_RESULT(world.client->verdict(world.hash, true, ""));
    QVERIFY(world.reaches(FixState::Succeeded));
    QVERIFY(refusedWith(world.client->verdict(world.hash, true, ""), ErrorCode::Conflict));
    checkBooks(world);
  }

  void aDamagedJournalOrAuditStopsEverything() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    VERIFY_RESULT(world.client->approve(world.bytes, world.hash, "tester", ""));
    world.client.reset();
    const auto file = executorDirectory(world.config.home) / "journal";
    std::string journal = *base::readFile(file);
    journal[journal.size() / 2] = static_cast<char>(journal[journal.size() / 2] ^ 4);
    std::ofstream(file, std::ios::binary) << journal;
    const auto status = world.startExecutor();
    QVERIFY(!status && status.error().code == ErrorCode::Corrupt);
  }

  void twoExecutorsDoNotShareAHome() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    ExecutorConfig config = world.config;
    config.lockWait = std::chrono::milliseconds(100);
    ExecutorClient second(config, AIOPS_HELPER);
    VERIFY_RESULT(second.spawn());
    const auto status = second.connect({});
    QVERIFY(!status && status.error().code == ErrorCode::Unavailable);
  }

  void theEnginesOwnActionsAreAudited() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    model::AuditEntry entry;
    entry.who = "key ci-bot";
    entry.what = "auth.failed";
    const auto written = world.client->audit(entry);
    VERIFY_RESULT(written);
    QCOMPARE(world.client->status()->auditSequence, written->sequence);
    QCOMPARE(world.client->status()->auditHash, written->hash);
    checkBooks(world);
  }

  /// Neither known formats, nor what the engine knows to be its own.
  void noSecretGetsIntoTheAudit() {
    ExecutorWorld world;
    VERIFY_RESULT(world.startExecutor());
    world.client->setRedact([](std::string_view text) {
      return text == "our own" ? std::string("[redacted:secret]") : std::string(text);
    });
    model::AuditEntry entry;
    entry.what = "step.result";
    entry.why = "login with password=tulip7 failed";
    entry.result = "our own";
    const auto written = world.client->audit(entry);
    VERIFY_RESULT(written);
    QCOMPARE(written->why, std::string("login with password=[redacted:password] failed"));
    QCOMPARE(written->result, std::string("[redacted:secret]"));
    VERIFY_RESULT(world.client->stop("local operator", "token=abcdef123456 is known"));
    for (const auto& file : std::filesystem::directory_iterator(executorDirectory(world.config.home))) {
      if (file.path().filename().string().find("audit") == std::string::npos) continue;
      const auto text = base::readFile(file.path()).value_or("");
      QVERIFY2(text.find("abcdef123456") == std::string::npos, file.path().c_str());
    }
    checkBooks(world);
  }
};

QTEST_GUILESS_MAIN(TestExecutor)
#include "tst_remediation_executor.moc"
