// Stopping the automation and ending the engine while a fix is under way: everything is taken back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>

#include <QTest>
#include <algorithm>
#include <fstream>

#include "base/time.h"
#include "faults/live_fix.h"
#include "remediation/executor.h"
#include "sandbox/process_table.h"

using namespace aiops;
using namespace std::chrono_literals;
using nlohmann::json;
using test::LiveFix;
using test::need;

namespace {

constexpr auto kInEffect = 1000ms;
constexpr auto kSoon = 30s;

/// Makes the supervisor deaf, so that a restart takes as long as a test wants.
class Deaf {
 public:
  explicit Deaf(pid_t pid) : m_pid(pid) { ::kill(m_pid, SIGSTOP); }
  ~Deaf() { hear(); }
  Deaf(const Deaf&) = delete;
  Deaf& operator=(const Deaf&) = delete;
  void hear() const { ::kill(m_pid, SIGCONT); }

 private:
  const pid_t m_pid;
};

pid_t executorOf(pid_t engine) {
  for (const auto& process : sandbox::listProcesses()) {
    if (process.parent == engine && !process.dead()) return process.pid;
  }
  throw std::runtime_error("the engine has no executor");
}

json auditOf(const LiveFix& live) {
  json items = live.must("/audit?limit=500").at("items");
  std::ranges::reverse(items);  // oldest first
  return items;
}

size_t indexOf(const json& audit, const std::string& what) {
  size_t index = 0;
  while (index < audit.size() && audit[index].at("what") != what) ++index;
  need(index < audit.size(), "not in the audit: " + what);
  return index;
}

base::TimePoint timeOf(const json& entry) {
  return base::fromIso8601(entry.at("at").get<std::string>()).value();
}

/// After the stop no step begins, and the undo begins within a second; both by the executor's own word.
void needStoppedInTime(const json& audit) {
  const size_t stop = indexOf(audit, "automation.stop");
  size_t undo = stop;
  while (undo < audit.size() && audit[undo].value("result", "") != "rolling_back") ++undo;
  need(undo < audit.size(), "no undo after the stop");
  for (size_t i = stop; i < audit.size(); ++i) {
    need(audit[i].at("what") != "step.start", "a step began after the stop");
  }
  const auto took = timeOf(audit[undo]) - timeOf(audit[stop]);
  need(took <= kInEffect, "the stop took " + std::to_string(took.count()) + " us");
}

bool stopped(const LiveFix& live) {
  return live.must("/status").at("automation").at("stopped").get<bool>();
}

/// The refusal names the way out, and changes nothing.
void needApproveRefused(const LiveFix& live, const json& proposed) {
  const auto refused = live.approve(proposed);
  need(!refused, "a fix is approved though automation is stopped");
  need(refused.error().code == base::ErrorCode::Conflict, refused.error().line());
  need(refused.error().line().find("stopped") != std::string::npos, refused.error().line());
  need(!refused.error().remedy.empty(), "the refusal does not say what to do");
  need(live.fix(proposed.at("id")).at("state") == "proposed", "the refused fix has changed");
}

}  // namespace

class TestStop : public QObject {
  Q_OBJECT

  /// Runs what a test does on a fix that has been approved; its failure is the test's.
  template <class Body>
  static QByteArray told(Body body) try {
    LiveFix live;
    live.startEngine();
    body(live);
    return {};
  } catch (const std::exception& error) {
    return QByteArray("failed: ") + error.what();
  }

 private Q_SLOTS:
  void initTestCase() { test::adoptOrphans(); }

  /// In the middle of the restart.
  void stoppedOverHttpWhileAStepRuns() {
    const auto problem = told([](LiveFix& live) {
      const Deaf supervisor(live.scenario().supervisorPid());
      const std::string id = live.approveProposal();
      const auto restarting = [&] {
        return live.fix(id).at("execution").at("steps").at(1).at("state") == "running";
      };
      need(test::eventually(restarting, kSoon), "the restart does not begin");
      const auto stop = live.post("/automation/stop", {{"reason", "enough"}});
      need(stop.has_value() && stop->at("stopped") == true, stop ? stop->dump() : stop.error().line());
      live.awaitState(id, {"rolling_back"});
      supervisor.hear();
      live.awaitState(id, {"rolled_back"});
      const auto now = live.look();
      need(now.config == live.before(), "web.conf is not as before");
      need(std::ranges::count(now.limits, 96) == 0, "web ran with the new limit");
      need(now.limitBytes == 48u << 20, "web runs with another limit");
      needStoppedInTime(auditOf(live));
      live.needAuditVerifies();
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  /// Nothing can be approved, also by the next engine, until it is lifted by somebody who says why.
  void theStopHoldsUntilItIsLifted() {
    const auto problem = told([](LiveFix& live) {
      const json proposed = live.awaitProposal();
      const auto stop = live.post("/automation/stop", {{"reason", "enough"}});
      need(stop.has_value(), stop ? "" : stop.error().line());
      needApproveRefused(live, proposed);
      live.endEngine();
      live.startEngine();
      const auto automation = live.must("/status").at("automation");
      need(automation.at("stopped") == true, "the stop does not outlive the engine");
      need(automation.at("reason") == "enough", "the stop's reason is lost");
      needApproveRefused(live, proposed);
      const auto resumed = live.post("/automation/resume", {{"reason", "looked at it"}});
      need(resumed.has_value() && resumed->at("stopped") == false, "not resumed");
      need(!stopped(live), "the status says stopped after the resume");
      const auto audit = auditOf(live);
      need(audit[indexOf(audit, "automation.resume")].at("why") == "looked at it", "the resume's reason");
      const std::string id = live.approveProposal();
      live.awaitState(id, {"succeeded"});
      live.needWhole(true);
      live.needAuditVerifies();
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void stoppedOverHttpWhileValidating() {
    const auto problem = told([](LiveFix& live) {
      const std::string id = live.approveProposal();
      live.awaitState(id, {"validating"});
      const auto stop = live.post("/automation/stop", json::object());
      need(stop.has_value(), stop ? "" : stop.error().line());
      live.awaitState(id, {"rolled_back"});
      live.needWhole(false);
      needStoppedInTime(auditOf(live));
      live.needAuditVerifies();
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  /// Without any program of ours: a file is enough, and to remove it is to resume.
  void theStopFileAloneStops() {
    const auto problem = told([](LiveFix& live) {
      const std::string id = live.approveProposal();
      live.awaitState(id, {"validating"});
      const auto file = remediation::stopFile(live.home());
      const auto created = std::chrono::system_clock::now();
      std::ofstream(file).close();
      live.awaitState(id, {"rolled_back"});
      live.needWhole(false);
      const auto audit = auditOf(live);
      const auto undo = std::ranges::find_if(
          audit, [](const json& entry) { return entry.value("result", "") == "rolling_back"; });
      need(undo != audit.end(), "no undo in the audit");
      need(timeOf(*undo) - created <= kInEffect, "the stop file took longer than a second");
      need(test::eventually([&] { return stopped(live); }, kSoon), "the status does not say stopped");
      std::filesystem::remove(file);
      need(test::eventually([&] { return !stopped(live); }, kSoon),
           "the status says stopped without the file");
      live.needAuditVerifies();
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  /// In the second in which there is no executor, stopping works all the same and is not forgotten.
  void stoppedWhileTheExecutorIsDead() {
    const auto problem = told([](LiveFix& live) {
      const std::string id = live.approveProposal();
      live.awaitState(id, {"validating"});
      need(::kill(executorOf(live.engine().pid()), SIGKILL) == 0, "can't end the executor");
      const auto stop = live.post("/automation/stop", {{"reason", "enough"}});
      need(stop.has_value() && stop->at("stopped") == true, stop ? stop->dump() : stop.error().line());
      live.awaitState(id, {"rolled_back"});
      live.needWhole(false);
      const auto audit = auditOf(live);
      need(audit[indexOf(audit, "automation.stop")].at("why") == "enough", "the stop's reason");
      need(stopped(live), "the next executor does not know of the stop");
      live.needAuditVerifies();
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void sigtermWhileValidatingTakesItBack() {
    const auto problem = told([](LiveFix& live) {
      const std::string id = live.approveProposal();
      live.awaitState(id, {"validating"});
      live.endEngine();
      need(test::eventually([&] { return live.executorGone(); }, kSoon), "the executor does not end");
      live.needWhole(false);
      live.needAuditVerifies();
      live.startEngine();
      live.awaitState(id, {"rolled_back"});
      live.needWhole(false);
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  /// Nobody comes back: the executor alone takes it back, and ends.
  void theExecutorAloneTakesItBack() {
    const auto problem = told([](LiveFix& live) {
      const std::string id = live.approveProposal();
      live.awaitState(id, {"validating"});
      live.engine().signal(SIGKILL);
      need(live.engine().waitForEnd(kSoon).has_value(), "the engine survives SIGKILL");
      need(test::eventually([&] { return live.executorGone(); }, kSoon), "the executor does not end");
      live.needWhole(false);
      live.needAuditVerifies();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void noProcessIsLeft() {
    const auto left = test::leftOverProcesses(20s);
    QVERIFY2(left.empty(), left.empty() ? "" : left.front().c_str());
  }
};

QTEST_GUILESS_MAIN(TestStop)
#include "tst_faults_stop.moc"
