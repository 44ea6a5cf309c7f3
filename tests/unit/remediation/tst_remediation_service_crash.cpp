// kill -9 of the executor around a verb on a unit, for each kind of manager: the end is before or after, no
// verb happens twice, and what can't be told is left to a person. SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "unit/remediation/service_world.h"

using namespace aiops;
using namespace aiops::remediation;
using model::FixState;
using test::ServiceWorld;

namespace {

bool drive(ServiceWorld& world, bool goodVerdict) {
  const auto status = world.client->statusOfRuns();
  if (!status) return false;
  if (status->runs.empty() && !world.client->approve(world.bytes, world.hash, "tester", "")) return false;
  const bool claimed = !status->runs.empty() && status->runs[0].state != FixState::Approved;
  if (claimed && model::isFinal(status->runs[0].state)) return true;
  const auto begun = claimed ? base::Result<>() : world.client->execute(world.bytes, world.hash);
  if (!begun) return false;
  if (claimed && !world.client->recover()) return false;
  for (;;) {
    const FixState state = world.nextState();
    if (model::isFinal(state)) return true;
    if (state == FixState::Proposed) return false;
    if (state == FixState::Validating && !world.client->verdict(world.hash, goodVerdict, "test"))
      return false;
  }
}

}  // namespace

class TestServiceCrash : public QObject {
  Q_OBJECT

  static void checkJournal(ServiceWorld& world) {
    world.client.reset();
    const auto broken = invariantViolations(world.records());
    QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
    QVERIFY(world.auditIsWhole());
  }

  static void checkEnd(ServiceWorld& world) {
    checkJournal(world);
    const FixState state = world.finalState();
    const std::string verbs = world.verbs();
    const bool after = state == FixState::Succeeded && world.changed() && verbs == "restart:128 ";
    const bool before = state == FixState::RolledBack && world.unchanged() &&
                        (verbs.empty() || verbs == "restart:128 restart:64 ");
    QVERIFY2(after || before,
             (std::string(model::toString(state)) + ", " + verbs + ", " + world.configBytes()).c_str());
    QVERIFY(world.unit()->active);
  }

 private Q_SLOTS:
  void killedAtEachPlace_data() {
    QTest::addColumn<QString>("manager");
    QTest::addColumn<QString>("place");
    for (const char* manager : {"commands", "docker"}) {
      for (const char* direction : {"exec", "undo"}) {
        for (const char* place : {"before_intent", "after_intent", "after_started", "after_verb",
                                  "before_result", "after_result"}) {
          const QString name = QStringLiteral("%1.%2.1").arg(QLatin1String(direction), QLatin1String(place));
          QTest::addRow("%s %s", manager, qPrintable(name)) << QString::fromLatin1(manager) << name;
        }
      }
    }
  }
  void killedAtEachPlace() {
    QFETCH(QString, manager);
    QFETCH(QString, place);
    const bool good = place.startsWith(QStringLiteral("exec"));
    ServiceWorld world(manager.toStdString());
    QVERIFY(world.startExecutor(place.toStdString() + ":kill"));
    (void)drive(world, good);
    QTRY_VERIFY2(!world.client->connected(), "the place was never reached");
    QVERIFY(world.startExecutor());
    QVERIFY(drive(world, good));
    checkEnd(world);
  }

  void killedAgainInTheRecovery() {
    for (const char* again : {"recover.begin", "recover.after_leftover.1", "recover.before_result.1"}) {
      ServiceWorld world("commands");
      for (const std::string& place : {std::string("exec.after_verb.1"), std::string(again)}) {
        QVERIFY(world.startExecutor(place + ":kill"));
        (void)drive(world, true);
        QTRY_VERIFY(!world.client->connected());
      }
      QVERIFY(world.startExecutor());
      QVERIFY(drive(world, true));
      checkEnd(world);
    }
  }

  /// A supervisor that gives its instances no name: whether it restarted can't be told, so nobody tries
  /// again.
  void withoutIdentityAPersonMustLook() {
    ServiceWorld world("anonymous");
    QVERIFY(world.startExecutor("exec.after_verb.1:kill"));
    (void)drive(world, true);
    QTRY_VERIFY(!world.client->connected());
    QVERIFY(world.startExecutor());
    QVERIFY(drive(world, true));
    QVERIFY(world.client->status()->lockedTargets.contains("web"));
    checkJournal(world);
    QVERIFY(world.finalState() == FixState::NeedsHuman);
    QCOMPARE(world.verbs(), std::string("restart:128 "));
  }

  /// Begun before the crash, and dead now: not applied, not repeated, undone.
  void aServiceThatDiedMeanwhileIsUndone() {
    ServiceWorld world("commands");
    world.touch("die");
    QVERIFY(world.startExecutor("exec.after_verb.1:kill"));
    (void)drive(world, true);
    QTRY_VERIFY(!world.client->connected());
    std::filesystem::remove(world.root() / "die");
    QTRY_VERIFY(!world.unit()->active);
    QVERIFY(world.startExecutor());
    QVERIFY(drive(world, true));
    checkEnd(world);
    QVERIFY(world.finalState() == FixState::RolledBack);
  }

  void theEngineIsKilled() {
    ServiceWorld world("docker");
    QVERIFY(world.startExecutor());
    QVERIFY(world.approveAndExecute());
    QVERIFY(world.reaches(FixState::Validating));
    world.client.reset();            // it hangs up: nobody watches any more
    QVERIFY(world.startExecutor());  // waits for the one that still undoes
    checkEnd(world);
    QVERIFY(world.finalState() == FixState::RolledBack);
  }
};

QTEST_GUILESS_MAIN(TestServiceCrash)
#include "tst_remediation_service_crash.moc"
