// SIGTERM, as a service manager sends it: to the engine alone or to all its processes at once, once or again
// and again, at the places of a fix. The running step ends, what was changed is taken back, the engine ends
// with status 0, and the next start knows how it went. AIOPS_FULL=1 tries every place both ways.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <sys/wait.h>

#include <QTest>

#include "faults/live_fix.h"
#include "sandbox/process_table.h"

using namespace aiops;
using namespace std::chrono_literals;
using demo::Web503Variant;
using test::LiveFix;
using test::need;

namespace {

constexpr auto kIdleExit = 5s;
constexpr auto kSoon = 60s;

struct Place {
  const char* name;
  bool kept;  ///< the fix had succeeded before
  bool usual;
};

constexpr Place kPlaces[] = {{"exec.after_claim", false, true},      {"exec.after_intent.0", false, false},
                             {"config.before_rename", false, false}, {"config.after_rename", false, true},
                             {"exec.after_result.0", false, false},  {"exec.after_intent.1", false, true},
                             {"exec.after_started.1", false, true},  {"exec.before_result.1", false, false},
                             {"exec.after_result.1", false, false},  {"exec.after_validating", false, true},
                             {"exec.after_succeeded", true, true},   {"undo.after_state", false, false},
                             {"undo.after_intent.0", false, false},  {"undo.after_started.1", false, true},
                             {"undo.before_done", false, false}};

std::vector<pid_t> treeOf(pid_t root) {
  std::vector<pid_t> tree{root};
  const auto all = sandbox::listProcesses();
  for (size_t i = 0; i < tree.size(); ++i) {
    for (const auto& process : all) {
      if (process.parent == tree[i] && !process.dead()) tree.push_back(process.pid);
    }
  }
  return tree;
}

/// Lines arrive: all that a start does is done.
bool reads(LiveFix& live) {
  return std::ranges::any_of(live.must("/sources").at("items"),
                             [](const auto& source) { return source.at("lines") > 0; });
}

void needCleanExit(LiveFix& live, std::chrono::milliseconds limit) {
  const auto status = live.engine().waitForEnd(limit);
  need(status.has_value(), "the engine does not end");
  need(WIFEXITED(*status) && WEXITSTATUS(*status) == 0, "the engine ends badly: " + live.engineWords());
}

void needSettled(LiveFix& live, const std::string& id, bool kept) {
  need(test::eventually([&] { return live.executorGone(); }, kSoon), "the executor does not end");
  live.needWhole(kept);
  live.needAuditVerifies();
  live.startEngine();
  live.awaitState(id, {kept ? "succeeded" : "rolled_back"});
  live.needWhole(kept);
  live.needAuditVerifies();
  live.endEngine();
}

template <class Body>
QByteArray told(Web503Variant variant, Body body) try {
  LiveFix live(variant);
  body(live);
  return {};
} catch (const std::exception& error) {
  return QByteArray("failed: ") + error.what();
}

}  // namespace

class TestTerm : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { test::adoptOrphans(); }

  void idleItEndsAtOnce() {
    const auto problem = told(Web503Variant::Fixable, [](LiveFix& live) {
      live.startEngine();
      need(test::eventually([&] { return reads(live); }, kSoon), "the engine does not read its sources");
      live.engine().signal(SIGTERM);
      needCleanExit(live, kIdleExit);
      need(test::eventually([&] { return live.executorGone(); }, kIdleExit), "the executor does not end");
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void atEveryPlace_data() {
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<bool>("kept");
    const bool full = qEnvironmentVariableIntValue("AIOPS_FULL") != 0;
    size_t turn = 0;
    for (const auto& place : kPlaces) {
      if (!full && !place.usual) continue;
      ++turn;
      for (size_t way = 0; way < 2; ++way) {
        if (!full && way != turn % 2) continue;
        const QByteArray action = way == 0 ? "term_parent" : "term_both";
        QTest::newRow(QByteArray(place.name) + ":" + action)
            << QByteArray(place.name) << action << place.kept;
      }
    }
  }

  void atEveryPlace() {
    QFETCH(QByteArray, place);
    QFETCH(QByteArray, action);
    QFETCH(bool, kept);
    const bool undo = place.startsWith("undo.");
    const auto problem =
        told(undo ? Web503Variant::FailValidation : Web503Variant::Fixable, [&](LiveFix& live) {
          live.startEngine((place + ":" + action).toStdString());
          const std::string id = live.approveProposal();
          needCleanExit(live, kSoon);
          needSettled(live, id, kept);
        });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  /// All processes, again and again until the engine is gone: an impatient operator, a service manager.
  void againAndAgain() {
    const auto problem = told(Web503Variant::Fixable, [](LiveFix& live) {
      live.startEngine();
      const std::string id = live.approveProposal();
      live.awaitState(id, {"validating"});
      const auto tree = treeOf(live.engine().pid());
      const bool ended = test::eventually(
          [&] {
            for (const pid_t pid : tree) ::kill(pid, SIGTERM);
            return !live.engineAlive();
          },
          kSoon);
      need(ended, "the engine does not end");
      needCleanExit(live, 0ms);
      needSettled(live, id, false);
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void noProcessIsLeft() {
    const auto left = test::leftOverProcesses(20s);
    QVERIFY2(left.empty(), left.empty() ? "" : left.front().c_str());
  }
};

QTEST_GUILESS_MAIN(TestTerm)
#include "tst_faults_term.moc"
