// Acts on the host through a real executor, killed at every named place: the end is before or after, never
// between, and what the plan saw must still be so.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "remediation/host_verb.h"
#include "unit/remediation/executor_world.h"

using namespace aiops;
using namespace aiops::remediation;
using model::FixState;

namespace {

constexpr const char* kPlaybook = R"(id: move-and-stop
version: "1"
title: "Move the log of {service} away and stop it"
fix_kind: restart_service
cures: [memory_limit_reached]
parameters:
  service: {type: service, from: target}
  log: {type: path, default: "@LOG@"}
  old: {type: path, default: "@OLD@"}
  pid: {type: integer, default: "@PID@", max: 4194304}
  stop: {type: identifier, default: STOP}
preconditions: [service_known]
steps:
  - title: "Move {log} away"
    move_file: {path: log, to: old}
  - title: "Stop process {pid}"
    signal: {pid: pid, signal: stop, timeout: 5s}
validators:
  - http: {title: "{service} answers 200", status: 200}
risk: {base: medium, raises: ["the service stands still"], lowers: ["all of it is taken back"]}
reaches: ["the log"]
unsure: ["nothing"]
)";

std::string filled(std::string text, const std::string& name, const std::string& value) {
  return text.replace(text.find(name), name.size(), value);
}

class HostWorldFixture : public test::ExecutorWorld {
 public:
  HostWorldFixture() {
    std::filesystem::create_directories(root() / "var/old");
    std::ofstream(log()) << "one\ntwo\n";
    std::filesystem::remove(playbookFile());
    auto text = filled(kPlaybook, "@LOG@", log());
    text = filled(filled(text, "@OLD@", old()), "@PID@", std::to_string(servicePid()));
    std::ofstream(root() / "playbooks/move-and-stop.yaml") << text;
    auto& web = config.inventory.services[0];
    web.writablePaths = {(root() / "var").string()};
    web.executable = std::filesystem::canonical(AIOPS_HELPER).string();
    const auto playbooks = loadPlaybooks(config.playbookDirectories);
    if (!playbooks.problems.empty()) qFatal("%s", playbooks.problems.front().line().c_str());
    auto seen = systemWorld(config.policy);
    seen.bind = [this](const model::ServiceEntry& service, const std::string& verb,
                       const model::Facts& arguments, std::chrono::milliseconds timeout) {
      return findHostVerb(verb)->bind(arguments, timeout, {service, config.policy});
    };
    auto made = makePlan(
        {playbooks.playbooks.front(), incident, hypothesis, events, config.inventory, config.policy}, seen);
    if (!made) qFatal("%s", made.error().line().c_str());
    take(*std::move(made));
  }

  std::string log() const { return (root() / "var/web.log").string(); }
  std::string old() const { return (root() / "var/old/web.log").string(); }
  bool isStopped() const {
    const auto stat = base::readFile("/proc/" + std::to_string(servicePid()) + "/stat").value_or("");
    return stat.substr(stat.rfind(')') + 2, 1) == "T";
  }
  bool isDone() const {
    return base::readFile(old()).value_or("") == "one\ntwo\n" && !std::filesystem::exists(log()) &&
           isStopped();
  }
  bool isUndone() const {
    return base::readFile(log()).value_or("") == "one\ntwo\n" && !std::filesystem::exists(old()) &&
           !isStopped();
  }
  bool isOver() const {
    return finalState() == FixState::Succeeded ? isDone()
                                               : finalState() == FixState::RolledBack && isUndone();
  }
};

}  // namespace

class TestHostCrash : public QObject {
  Q_OBJECT

  static void checkEnd(HostWorldFixture& world) {
    world.client.reset();
    const auto broken = invariantViolations(world.records());
    QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
    QVERIFY(world.auditIsWhole());
    QTRY_VERIFY2(world.isOver(), std::string(model::toString(world.finalState())).c_str());
  }

 private Q_SLOTS:
  void itIsDoneOrUndone_data() {
    QTest::addColumn<bool>("good");
    QTest::newRow("it helps") << true;
    QTest::newRow("it does not help") << false;
  }
  void itIsDoneOrUndone() {
    QFETCH(bool, good);
    HostWorldFixture world;
    QVERIFY(!world.planned.plan.irreversible);
    QVERIFY(world.startExecutor());
    const auto tried = world.client->dryRun(world.bytes, world.hash);
    QVERIFY(tried && tried->ok());
    QVERIFY(world.drive(good));
    QVERIFY(world.finalState() == (good ? FixState::Succeeded : FixState::RolledBack));
    checkEnd(world);
  }

  void whatHasChangedSinceIsNotActedOn() {
    HostWorldFixture world;
    QVERIFY(world.startExecutor());
    QVERIFY(world.client->approve(world.bytes, world.hash, "tester", ""));
    std::filesystem::rename(world.log(), world.log() + ".1");
    std::ofstream(world.log()) << "another";
    const auto begun = world.client->execute(world.bytes, world.hash);
    QVERIFY(!begun);
    QVERIFY2(begun.error().code == base::ErrorCode::Stale, begun.error().line().c_str());
    QVERIFY(!world.isStopped());
  }

  void valuesThatAreNoParametersAreRefused() {
    HostWorldFixture world;
    auto plan = world.planned.plan;
    plan.steps[0].act->arguments["to"] = (world.root() / "var/elsewhere").string();
    plan.steps[0].act->line.back() = (world.root() / "var/elsewhere").string();
    plan.steps[0].act->undoLine[3] = (world.root() / "var/elsewhere").string();
    QVERIFY(world.startExecutor());
    const auto approved =
        world.client->approve(model::canonicalBytes(plan), model::canonicalHash(plan), "tester", "");
    QVERIFY(!approved);
    QVERIFY2(approved.error().code == base::ErrorCode::PermissionDenied, approved.error().line().c_str());
  }

  void killedAtEachPlace_data() {
    QTest::addColumn<QString>("place");
    for (const auto& name : failPointNames(2)) {
      const bool elsewhere = name.starts_with("recover.") || name.starts_with("config.") ||
                             name.find(".after_started.") != std::string::npos;  // no edit and no process
      if (!elsewhere) QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
  }
  void killedAtEachPlace() {
    QFETCH(QString, place);
    const bool good = !place.startsWith(QStringLiteral("undo."));
    HostWorldFixture world;
    QVERIFY(world.startExecutor(place.toStdString() + ":kill"));
    (void)world.drive(good);
    QTRY_VERIFY2(!world.client->connected(), "the place was never reached");
    QVERIFY(world.startExecutor());
    QVERIFY(world.drive(good));
    checkEnd(world);
  }
};

QTEST_GUILESS_MAIN(TestHostCrash)
#include "tst_remediation_host_crash.moc"
