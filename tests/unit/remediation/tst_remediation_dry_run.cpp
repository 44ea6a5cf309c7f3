// A dry run says what would stand in the way, and leaves everything as it was.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "unit/remediation/service_world.h"

using namespace aiops;
using namespace aiops::remediation;
using test::ServiceWorld;

namespace {

/// Refuses a file that has "128" in it.
void addChecker(ServiceWorld& world, bool refuses) {
  const char* tool = refuses ? "/bin/false" : "/usr/bin/test";
  world.config.policy.allowedCommands.emplace_back(tool);
  world.config.inventory.services[0].commands["check_config"] = {tool, "-f", "{file}"};
  world.replan();
}

std::string problems(const model::DryRun& result) {
  std::string out;
  for (const auto& check : result.checks) {
    if (!check.ok) out += check.what + ": " + check.detail + "\n";
  }
  return out;
}

}  // namespace

class TestDryRun : public QObject {
  Q_OBJECT

  static model::DryRun dryRun(ServiceWorld& world) {
    const auto result = world.client->dryRun(world.bytes, world.hash);
    if (!result) qWarning("%s", result.error().line().c_str());
    return result.value_or(model::DryRun{});
  }

 private Q_SLOTS:
  void allIsWell() {
    for (const char* manager : {"commands", "docker"}) {
      ServiceWorld world(manager);
      addChecker(world, false);
      QVERIFY(world.startExecutor());
      const auto result = dryRun(world);
      QVERIFY2(result.ok(), problems(result).c_str());
      QVERIFY(result.checks.size() > 12);
      QVERIFY(world.unchanged());
      QVERIFY(world.verbs().empty());
      QVERIFY(world.approveAndExecute());  // and it runs
      QVERIFY(world.reaches(model::FixState::Validating));
    }
  }

  void anotherPlanThanTheHashIsRefused() {
    ServiceWorld world("commands");
    QVERIFY(world.startExecutor());
    QVERIFY(world.client->dryRun(world.bytes, std::string(64, '0')).error().code == base::ErrorCode::Stale);
  }

  void theCheckerSeesTheNewFile() {
    ServiceWorld world("commands");
    addChecker(world, true);
    QVERIFY(world.startExecutor());
    const auto result = dryRun(world);
    QVERIFY2(problems(result).find("the checker takes the new file") != std::string::npos,
             problems(result).c_str());
    QVERIFY(world.unchanged());
    // Run all the same, the file is never replaced.
    QVERIFY(world.approveAndExecute());
    QVERIFY(world.reaches(model::FixState::RolledBack));
    QVERIFY(world.unchanged());
    QVERIFY(world.verbs().empty());
  }

  void whatStandsInTheWayIsSaid() {
    ServiceWorld world("commands");
    QVERIFY(world.startExecutor());
    world.writeConfig("memory_limit_mb = 65\n");
    QVERIFY(problems(dryRun(world)).find("files are as the plan saw them") != std::string::npos);
    world.writeConfig(test::kConfigBefore);
    QVERIFY(problems(dryRun(world)).empty());
    QProcess::execute(QStringLiteral(AIOPS_HELPER), {QStringLiteral("unitctl"), QStringLiteral("stop"),
                                                     QString::fromStdString(world.root().string())});
    QVERIFY(problems(dryRun(world)).find("unit is as the plan saw it") != std::string::npos);
    QVERIFY(world.client->stop("tester", "now"));
    QVERIFY(problems(dryRun(world)).find("not stopped") != std::string::npos);
    std::filesystem::remove(world.root() / "playbooks/test.yaml");
    QVERIFY(problems(dryRun(world)).find("Playbook and policy") != std::string::npos);
  }

  void noUndoIsSaid() {
    ServiceWorld world("commands");
    auto plan = world.planned.plan;
    plan.steps[1].action->undoVerb.clear();
    QVERIFY(world.startExecutor());
    const auto result = world.client->dryRun(model::canonicalBytes(plan), model::canonicalHash(plan));
    QVERIFY(result.has_value());
    QVERIFY(problems(*result).find("Every step can be undone: no undo for step 2") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestDryRun)
#include "tst_remediation_dry_run.moc"
