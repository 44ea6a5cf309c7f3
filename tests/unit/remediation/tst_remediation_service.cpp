// Verbs on units: what may be bound, what a state says, how a run goes with a supervisor and with docker.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <array>

#include "remediation/command_manager.h"
#include "remediation/gate.h"
#include "remediation/plan_codec.h"
#include "remediation/service_effect.h"
#include "unit/remediation/service_world.h"

using namespace aiops;
using namespace aiops::remediation;
using model::FixState;
using model::UnitState;
using test::ServiceWorld;

namespace {

UnitState unitState(bool active, const char* invocation, uint64_t changedAt = 0) {
  return {.unit = "web", .active = active, .invocation = invocation, .changedAt = changedAt};
}

FixState run(ServiceWorld& world, bool goodVerdict = true) {
  if (!world.startExecutor() || !world.approveAndExecute()) return FixState::Proposed;
  for (;;) {
    const FixState state = world.nextState();
    if (model::isFinal(state) || state == FixState::Proposed) return state;
    if (state == FixState::Validating) (void)world.client->verdict(world.hash, goodVerdict, "test");
  }
}

}  // namespace

class TestService : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatAStateSaysOfAVerb() {
    struct Row {
      const char* verb;
      UnitState before, now;
      StepEffect effect;
    };
    const std::array rows{
        Row{"restart", unitState(true, "a"), unitState(true, "b"), StepEffect::Applied},
        Row{"restart", unitState(true, "a"), unitState(true, "a"), StepEffect::NotApplied},
        Row{"restart", unitState(true, "a"), unitState(false, "a"), StepEffect::Broken},
        Row{"restart", unitState(true, "a"), unitState(false, "b"), StepEffect::Broken},
        Row{"restart", unitState(true, ""), unitState(true, ""), StepEffect::Unknown},
        Row{"restart", unitState(false, "a"), unitState(true, "b"), StepEffect::Applied},
        Row{"restart", unitState(false, "a"), unitState(false, "a"), StepEffect::NotApplied},
        Row{"restart", unitState(false, "a"), unitState(false, "b"), StepEffect::Broken},
        Row{"start", unitState(false, "a"), unitState(true, "b"), StepEffect::Applied},
        Row{"start", unitState(false, ""), unitState(false, ""), StepEffect::Unknown},
        Row{"stop", unitState(true, "a"), unitState(false, "a"), StepEffect::Applied},
        Row{"stop", unitState(true, "a"), unitState(true, "a"), StepEffect::NotApplied},
        Row{"stop", unitState(true, "a"), unitState(true, "b"), StepEffect::Unknown},
        Row{"reload", unitState(true, "a", 5), unitState(true, "a", 9), StepEffect::Applied},
        Row{"reload", unitState(true, "a", 5), unitState(true, "a", 5), StepEffect::NotApplied},
        Row{"reload", unitState(true, "a", 5), unitState(true, "b", 9), StepEffect::Broken},
        Row{"reload", unitState(true, ""), unitState(true, ""), StepEffect::Unknown},
    };
    for (const auto& row : rows) QVERIFY(judgeVerb(row.verb, row.before, row.now) == row.effect);
  }

  void whatMayBeBound() {
    model::ExecutionPolicy policy{.allowedCommands = {"/usr/bin/docker"}};
    model::ServiceEntry web{.name = "web", .manager = "systemd", .unit = "web@1.service"};
    QCOMPARE(bindAction(web, policy, "restart")->unit, std::string("web@1.service"));
    for (const char* unit :
         {"", "web", "-web.service", "web.service\n", "a b.service", "web.socket", "../x.service"}) {
      web.unit = unit;
      QVERIFY2(!bindAction(web, policy, "restart"), unit);
    }
    for (const char* unit : {"dbus.service", "systemd-journald.service", "ai-ops-core.service"}) {
      web.unit = unit;
      QVERIFY(bindAction(web, policy, "restart").error().code == base::ErrorCode::PermissionDenied);
    }
    web.unit = "ssh.service";
    QVERIFY(bindAction(web, policy, "restart"));
    QVERIFY(!bindAction(web, policy, "stop"));
    QVERIFY(!bindAction(web, policy, "reset-failed"));

    web.manager = "docker";
    web.unit = "shop_web-1";
    const std::vector<std::string> argv{"/usr/bin/docker", "restart", "--", "shop_web-1"};
    QCOMPARE(bindAction(web, policy, "restart")->argv, argv);
    QVERIFY(!bindAction(web, policy, "reload"));
    for (const char* name : {"", "-f", ".x", "a b", "a/b", "a;b"}) {
      web.unit = name;
      QVERIFY2(!bindAction(web, policy, "restart"), name);
    }
    web.unit = "web";
    policy.allowedCommands.clear();
    QVERIFY(bindAction(web, policy, "restart").error().code == base::ErrorCode::PermissionDenied);
    web.manager = "";
    QVERIFY(bindAction(web, policy, "restart").error().code == base::ErrorCode::NotFound);
  }

  /// docker's own command line takes these arguments: without an engine it fails at connecting, not at them.
  void theRealDockerTakesOurArguments() {
    const QString docker = QStandardPaths::findExecutable(QStringLiteral("docker"));
    if (docker.isEmpty()) QSKIP("there is no docker on this machine");
    model::ExecutionPolicy policy{.allowedCommands = {docker.toStdString()}};
    const model::ServiceEntry web{.name = "web", .manager = "docker", .unit = "web"};
    for (const char* verb : {"start", "stop", "restart"}) {
      const auto action = bindAction(web, policy, verb);
      for (const auto& argv : {action->argv, action->stateArgv}) {
        QStringList arguments;
        for (size_t i = 1; i < argv.size(); ++i) arguments << QString::fromStdString(argv[i]);
        QProcess process;
        process.setProcessEnvironment(QProcessEnvironment());
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(
            docker, QStringList{QStringLiteral("--host"), QStringLiteral("unix:///nonexistent")} + arguments);
        QVERIFY(process.waitForFinished(30000));
        const QByteArray said = process.readAll();
        QVERIFY2(!said.contains("unknown") && !said.contains("Usage") && !said.contains("requires"),
                 said.constData());
        QVERIFY2(said.contains("nonexistent") || said.contains("daemon"), said.constData());
      }
    }
  }

  void dockersStateIsReadStrictly() {
    const auto state = parseDockerState(
        "web",
        R"(2 {"Status":"exited","Restarting":false,"OOMKilled":true,"Pid":0,"ExitCode":137,"StartedAt":"t"})");
    QVERIFY(state.has_value());
    QVERIFY(!state->active);
    QCOMPARE(state->restarts, uint64_t{2});
    QCOMPARE(state->note, std::string("OOM"));
    for (const char* text : {"", "2", "x {}", "2 {}", "2 [", "2 {\"Status\":1}", "2 null"})
      QVERIFY2(!parseDockerState("web", text), text);
  }

  void aPlanWithAVerbHasItsOwnFormAndOldOnesKeepTheirs() {
    ServiceWorld world("docker");
    const auto& step = world.planned.plan.steps[1];
    QCOMPARE(step.action->verb, std::string("restart"));
    QCOMPARE(step.action->undoVerb, std::string("restart"));  // it must read the restored file
    QVERIFY(step.inverseDeferred);
    QVERIFY(parsePlan(world.bytes).has_value());
    auto old = world.planned.plan;
    old.steps.resize(1);
    old.steps[0].edit->check.reset();
    const auto bytes = model::canonicalBytes(old);
    for (const char* key : {"\"action\"", "\"check\"", "\"writablePaths\""})
      QVERIFY(bytes.find(key) == std::string::npos);
    QVERIFY(parsePlan(bytes).has_value());
  }

  void theGateBindsAgain_data() {
    QTest::addColumn<int>("what");
    for (int i = 0; i < 7; ++i) QTest::addRow("%d", i) << i;
  }
  void theGateBindsAgain() {
    QFETCH(int, what);
    ServiceWorld world("commands");
    auto plan = world.planned.plan;
    auto& action = *plan.steps[1].action;
    if (what == 0) action.argv.back() = "/elsewhere";
    if (what == 1) action.undoArgv = {"/bin/rm", "-rf", "/"};
    if (what == 2) action.unit = "db";
    if (what == 3) action.manager = "systemd";
    if (what == 4) action.verb = "stop";
    if (what == 5) action.stateArgv = {"/bin/true"};
    if (what == 6) action.writablePaths = {"/"};
    const auto bytes = model::canonicalBytes(plan);
    QVERIFY(world.startExecutor());
    QVERIFY(!world.client->approve(bytes, model::canonicalHash(plan), "tester", ""));
  }

  void itRestartsAndStays_data() {
    QTest::addColumn<QString>("manager");
    QTest::newRow("commands") << "commands";
    QTest::newRow("anonymous") << "anonymous";
    QTest::newRow("docker") << "docker";
  }
  void itRestartsAndStays() {
    QFETCH(QString, manager);
    ServiceWorld world(manager.toStdString());
    QVERIFY(run(world) == FixState::Succeeded);
    QCOMPARE(world.verbs(), std::string("restart:128 "));
    world.client.reset();
    const auto state = replay(world.records());
    const auto& prior = state.runs.at(world.hash).steps.at(1).prior;
    QVERIFY(prior && prior->active);
  }

  void whatFailsValidationIsAsBefore() {
    ServiceWorld world("docker");
    QVERIFY(run(world, false) == FixState::RolledBack);
    QCOMPARE(world.verbs(), std::string("restart:128 restart:64 "));
    QVERIFY(world.unchanged());
  }

  void whatDoesNotStayUpIsUndone() {
    ServiceWorld world("commands");
    world.touch("die");
    const auto state = run(world);
    // The undo starts it again, which does not hold either: a person must look.
    QVERIFY(state == FixState::RollbackFailed);
    QVERIFY(world.client->status()->lockedTargets.contains("web"));
    QCOMPARE(world.verbs(), std::string("restart:128 restart:64 "));
    QVERIFY(world.unchanged());
  }

  void aRefusedVerbIsUndone() {
    ServiceWorld world("docker");
    world.touch("refuse");
    // The same instance still runs: provably nothing to undo but the file.
    QVERIFY(run(world) == FixState::RolledBack);
    QVERIFY(world.unchanged());
    QCOMPARE(world.verbs(), std::string());
  }

  /// What did not run before does not run after the undo.
  void theUndoStopsWhatDidNotRun() {
    ServiceWorld world("commands", false);
    QCOMPARE(world.planned.plan.steps[1].action->undoVerb, std::string("stop"));
    QVERIFY(run(world, false) == FixState::RolledBack);
    QCOMPARE(world.verbs(), std::string("restart:128 stop:64 "));
    QVERIFY(!world.unit()->active);
  }

  void anotherStateThanApprovedIsStale() {
    ServiceWorld world("commands");
    QVERIFY(world.startExecutor());
    QVERIFY(world.client->approve(world.bytes, world.hash, "tester", ""));
    QProcess::execute(QStringLiteral(AIOPS_HELPER), {QStringLiteral("unitctl"), QStringLiteral("stop"),
                                                     QString::fromStdString(world.root().string())});
    QVERIFY(world.client->execute(world.bytes, world.hash).error().code == base::ErrorCode::Stale);
    QVERIFY(world.unchanged());
  }

  void thereMustBeSomethingToDo() {
    ServiceWorld world("commands", false);
    std::string text = test::kEditAndRestart;
    text.replace(text.find("verb: restart"), 13, "verb: reload");
    world.writePlaybook(text);
    QVERIFY(world.planHere().error().code == base::ErrorCode::Conflict);
  }
};

QTEST_GUILESS_MAIN(TestService)
#include "tst_remediation_service.moc"
