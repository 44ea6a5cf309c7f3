// The gate by itself: every byte of an approved plan, and each thing that may have changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <functional>

#include "remediation/gate.h"
#include "unit/remediation/remediation_world.h"

using namespace aiops;
using namespace aiops::remediation;
using base::ErrorCode;
using test::World;

namespace {

/// An approved plan and the gate in front of it.
struct Approved {
  Approved()
      : planned(world.plan().value()), bytes(model::canonicalBytes(planned.plan)), hash(planned.planHash) {
    approve(bytes, hash);
  }
  void approve(const std::string& planBytes, const std::string& planHash) {
    JournalRecord record;
    record.kind = RecordKind::Approval;
    record.planHash = planHash;
    record.planBytes = planBytes;
    record.target = "web";
    record.bootId = currentBootId();
    record.expiresBoot = 1000;
    apply(journal, record);
  }
  base::Result<model::Plan> check(const std::string& planBytes, const std::string& planHash) const {
    return checkExecution(planBytes, planHash,
                          {world.config, journal, currentBootId(), sinceBoot, stopped, sandbox});
  }
  base::Result<model::Plan> check() const { return check(bytes, hash); }
  /// The gate's answer to a plan that was approved in this changed form: what only the gate's rules can
  /// refuse.
  base::Result<model::Plan> checkChanged(const std::function<void(model::Plan&)>& change) {
    model::Plan plan = planned.plan;
    change(plan);
    const auto changedBytes = model::canonicalBytes(plan);
    approve(changedBytes, base::sha256Hex(changedBytes));
    return check(changedBytes, base::sha256Hex(changedBytes));
  }

  World world;
  PlannedFix planned;
  std::string bytes, hash;
  ExecutionState journal;
  base::Duration sinceBoot{999};
  bool stopped = false;
  std::string sandbox;
};

bool refused(const base::Result<model::Plan>& result, ErrorCode code) {
  if (result) qWarning("it was let through");
  if (!result && result.error().code != code) qWarning("%s", result.error().line().c_str());
  return !result && result.error().code == code;
}

}  // namespace

class TestGate : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void letsTheApprovedPlanThrough() {
    const Approved approved;
    const auto plan = approved.check();
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    QCOMPARE(model::canonicalHash(*plan), approved.hash);
  }

  void refusesEveryChangedByte() {
    const Approved approved;
    for (size_t at = 0; at < approved.bytes.size(); ++at) {
      for (const int flip : {1, 0x20, 0x80}) {
        std::string mutated = approved.bytes;
        mutated[at] = static_cast<char>(mutated[at] ^ flip);
        QVERIFY(!approved.check(mutated, approved.hash));
        if (at % 7 == 0) QVERIFY(!approved.check(mutated, base::sha256Hex(mutated)));
      }
      QVERIFY(!approved.check(approved.bytes.substr(0, at), approved.hash));
    }
    QVERIFY(!approved.check(approved.bytes + " ", approved.hash));
    QVERIFY(!approved.check("", approved.hash));
    QVERIFY(!approved.check(std::string(200000, '['), base::sha256Hex(std::string(200000, '['))));
  }

  /// Bytes that parse to the same plan but are not its canonical form would be two plans with one meaning.
  void refusesOtherSpellings() {
    Approved approved;
    for (const std::string& spelling :
         {" " + approved.bytes, approved.bytes + "\n", "{\"zzz\":1," + approved.bytes.substr(1)}) {
      approved.approve(spelling, base::sha256Hex(spelling));
      QVERIFY(refused(approved.check(spelling, base::sha256Hex(spelling)), ErrorCode::InvalidInput));
    }
  }

  void refusesByTime() {
    Approved approved;
    approved.sinceBoot = base::Duration(1000);
    QVERIFY(refused(approved.check(), ErrorCode::Timeout));
    approved.sinceBoot = base::Duration(0);
    approved.journal.runs.at(approved.hash).bootId = "another boot";
    QVERIFY(refused(approved.check(), ErrorCode::Stale));
  }

  void refusesByState() {
    Approved approved;
    approved.stopped = true;
    QVERIFY(refused(approved.check(), ErrorCode::Conflict));
    approved.stopped = false;
    approved.sandbox = "no Landlock";
    QVERIFY(refused(approved.check(), ErrorCode::Unavailable));
    approved.sandbox.clear();
    approved.journal.locks["web"] = "undo failed";
    QVERIFY(refused(approved.check(), ErrorCode::Conflict));
    approved.journal.locks.clear();
    QVERIFY(approved.check());
    approved.journal.runs.at(approved.hash).fence = 1;
    QVERIFY(refused(approved.check(), ErrorCode::Conflict));
    approved.journal.runs.clear();
    QVERIFY(refused(approved.check(), ErrorCode::NotFound));
  }

  void refusesAChangedPolicyOrInventory() {
    Approved approved;
    approved.world.config.policy.maxExecutionTime += std::chrono::seconds(1);
    QVERIFY(refused(approved.check(), ErrorCode::Stale));
    Approved other;
    other.world.config.inventory.services[0].commands["restart"].push_back("--force");
    QVERIFY(refused(other.check(), ErrorCode::PermissionDenied));
    Approved gone;
    gone.world.config.inventory.services.clear();
    QVERIFY(refused(gone.check(), ErrorCode::NotFound));
  }

  /// Even an approved plan can't go beyond policy and inventory.
  void refusesPlansBeyondThePolicy() {
    using model::Plan;
    const auto beyond = [](const std::function<void(Plan&)>& change, ErrorCode code) {
      Approved approved;
      return refused(approved.checkChanged(change), code);
    };
    const auto denied = ErrorCode::PermissionDenied;
    QVERIFY(beyond([](Plan& p) { p.steps[0].edit->path = "/etc/passwd"; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[0].edit->path += "/../../../etc/passwd"; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[0].edit->path += ".bak"; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[1].command->argv = {"/bin/sh", "-c", "id"}; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[1].command->argv[0] = "true"; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[1].command->argv.clear(); }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[1].command->argv.push_back("--now"); }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[1].effectCheck->argv.back() = "999"; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[1].inverse->argv[2] = "/elsewhere"; }, denied));
    QVERIFY(beyond([](Plan& p) { p.steps[0].kind = "command"; }, ErrorCode::InvalidInput));
    QVERIFY(beyond([](Plan& p) { p.steps[1].edit = p.steps[0].edit; }, ErrorCode::InvalidInput));
    QVERIFY(beyond([](Plan& p) { p.steps.clear(); }, ErrorCode::InvalidInput));
    QVERIFY(beyond([](Plan& p) { p.playbookId = "other"; }, ErrorCode::Stale));
    QVERIFY(beyond([](Plan& p) { p.playbookDigest = std::string(64, '0'); }, ErrorCode::Stale));
    QVERIFY(beyond([](Plan& p) { p.policyDigest = std::string(64, '0'); }, ErrorCode::Stale));
    QVERIFY(beyond([](Plan& p) { p.bootId = "another boot"; }, ErrorCode::Stale));
    QVERIFY(beyond([](Plan& p) { p.target = "db"; }, ErrorCode::NotFound));
    QVERIFY(beyond([](Plan& p) { p.steps[0].edit->before += "x"; }, ErrorCode::Stale));
    QVERIFY(beyond([](Plan& p) { p.steps[0].edit->mode = 0777; }, ErrorCode::Stale));
    QVERIFY(beyond([](Plan& p) { p.steps.push_back(p.steps[0]); }, ErrorCode::Stale));
  }

  void aSymlinkInThePlaceOfTheFileIsRefused() {
    const Approved approved;
    const auto file = approved.world.configFile();
    std::filesystem::rename(file, file + ".moved");
    std::filesystem::create_symlink(file + ".moved", file);
    QVERIFY(refused(approved.check(), ErrorCode::PermissionDenied));
  }
};

QTEST_GUILESS_MAIN(TestGate)
#include "tst_remediation_gate.moc"
