// kill -9 of the executor at every named place, then recovery: the end is before or after, never between; no
// restart happens twice; journal and audit hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "unit/remediation/executor_world.h"

using namespace aiops;
using namespace aiops::remediation;
using model::FixState;
using test::ExecutorWorld;

namespace {

bool isOver(const ExecutorWorld& world) {
  const FixState state = world.finalState();
  if (state == FixState::Succeeded) return world.changed() && world.ledger() == "128 ";
  if (state != FixState::RolledBack || !world.unchanged()) return false;
  return world.ledger() == "128 64 " || world.ledger().empty() || world.ledger() == "64 ";
}

}  // namespace

class TestCrash : public QObject {
  Q_OBJECT

  static void checkEnd(ExecutorWorld& world) {
    world.client.reset();
    const auto broken = invariantViolations(world.records());
    QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
    QVERIFY(world.auditIsWhole());
    QVERIFY2(isOver(world), (std::string(model::toString(world.finalState())) +
                             ", restarts: " + world.ledger() + ", file: " + world.configBytes())
                                .c_str());
  }

 private Q_SLOTS:
  void killedAtEachPlace_data() {
    QTest::addColumn<QString>("place");
    QTest::addColumn<bool>("good");
    for (const auto& name : failPointNames(2)) {
      if (name.starts_with("recover.")) continue;
      const bool edit = name == "exec.after_started.0" || name == "undo.after_started.0";
      if (edit) continue;                                            // an edit starts no process
      if (name.find(".after_verb.") != std::string::npos) continue;  // no step of this plan has a verb
      QTest::newRow(name.c_str()) << QString::fromStdString(name) << !name.starts_with("undo.");
      const bool both = name.starts_with("config.") || name.starts_with("exec.after_verdict");
      if (both) QTest::newRow((name + " then undone").c_str()) << QString::fromStdString(name) << false;
    }
  }
  void killedAtEachPlace() {
    QFETCH(QString, place);
    QFETCH(bool, good);
    ExecutorWorld world;
    QVERIFY(world.startExecutor(place.toStdString() + ":kill"));
    (void)world.drive(good);
    QTRY_VERIFY2(!world.client->connected(), "the place was never reached");
    QVERIFY(world.startExecutor());
    QVERIFY(world.drive(good));
    checkEnd(world);
  }

  /// Killed a second time, inside the recovery.
  void killedWhileRecovering_data() {
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    for (const char* direction : {"exec", "undo"}) {
      for (const char* step : {".0", ".1"}) {
        for (const char* where : {"after_intent", "before_result"}) {
          for (const char* again : {"recover.begin", "recover.after_leftover", "recover.before_result"}) {
            const QString first = QString::fromLatin1(direction) + QLatin1Char('.') + QLatin1String(where) +
                                  QLatin1String(step);
            const bool numbered = QByteArray(again) != "recover.begin";
            const QString second =
                QLatin1String(again) + (numbered ? QLatin1String(step) : QLatin1String(""));
            QTest::newRow(qPrintable(first + QLatin1String(", ") + second)) << first << second;
          }
        }
      }
    }
  }
  void killedWhileRecovering() {
    QFETCH(QString, first);
    QFETCH(QString, second);
    const bool good = first.startsWith(QStringLiteral("exec"));
    ExecutorWorld world;
    for (const QString& place : {first, second}) {
      QVERIFY(world.startExecutor(place.toStdString() + ":kill"));
      (void)world.drive(good);
      QTRY_VERIFY2(!world.client->connected(), qPrintable(place + QStringLiteral(" was never reached")));
    }
    QVERIFY(world.startExecutor());
    QVERIFY(world.drive(good));
    checkEnd(world);
  }

  /// After a crash the stop file decides: undone, not continued.
  void stoppedMeanwhileMeansUndone() {
    ExecutorWorld world;
    QVERIFY(world.startExecutor("exec.after_result.0:kill"));
    (void)world.drive(true);
    QTRY_VERIFY(!world.client->connected());
    std::ofstream(stopFile(world.config.home)) << "";
    QVERIFY(world.startExecutor());
    QVERIFY(world.drive(true));
    QVERIFY(world.finalState() == FixState::RolledBack);
    checkEnd(world);
  }

  /// When nothing can tell whether the step had an effect, a person must look, and nothing is run again.
  void unknownEffectNeedsAPerson() {
    ExecutorWorld world;
    QVERIFY(world.startExecutor("exec.before_result.1:kill"));
    (void)world.drive(true);
    QTRY_VERIFY(!world.client->connected());
    std::filesystem::remove(world.root() / "control");  // the status command can't reach the service
    QVERIFY(world.startExecutor());
    QVERIFY(world.drive(true));
    QVERIFY(world.client->status()->lockedTargets.contains("web"));
    world.client.reset();
    QVERIFY(world.finalState() == FixState::NeedsHuman);
    QCOMPARE(world.ledger(), std::string("128 "));
    QVERIFY(invariantViolations(world.records()).empty());
  }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_remediation_crash.moc"
