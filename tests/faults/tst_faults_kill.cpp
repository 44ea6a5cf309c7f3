// kill -9 of the executor, the engine or both at every place of the demo's fix, over HTTP and with the real
// programs: the service ends as before or as after the fix, never between, nothing is done twice, the audit
// verifies, and the fix has an outcome.
//
// Every place once, with the three ways in turn, and the most telling places in all three ways; AIOPS_FULL=1
// tries everything. AIOPS_FAULTS_ONLY=TEXT: only rounds with that in their name.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <sys/wait.h>

#include <QTest>
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "faults/live_fix.h"

using namespace aiops;
using namespace std::chrono_literals;
using demo::Web503Variant;
using nlohmann::json;
using test::LiveFix;
using test::need;

namespace {

constexpr auto kRoundLimit = 120s;
constexpr auto kLook = 100ms;
constexpr size_t kAtOnce = 4;
constexpr std::array<const char*, 3> kModes{"kill", "kill_parent", "kill_both"};

/// Places outside recovery, in the order in which the fix comes by.
const std::vector<std::string> kPlaces{
    "exec.before_approval", "exec.after_approval",    "exec.before_claim",       "exec.after_claim",
    "exec.before_intent.0", "exec.after_intent.0",    "config.before_temporary", "config.before_rename",
    "config.after_rename",  "config.after_sync",      "exec.before_result.0",    "exec.after_result.0",
    "exec.before_intent.1", "exec.after_intent.1",    "exec.after_started.1",    "exec.before_result.1",
    "exec.after_result.1",  "exec.before_validating", "exec.after_validating",   "exec.after_verdict",
    "exec.after_succeeded", "undo.before_state",      "undo.after_state",        "undo.before_intent.0",
    "undo.after_intent.0",  "undo.before_result.0",   "undo.after_result.0",     "undo.before_intent.1",
    "undo.after_intent.1",  "undo.after_started.1",   "undo.before_result.1",    "undo.after_result.1",
    "undo.before_done",     "undo.after_done"};
const std::vector<std::string> kTelling{"config.after_rename", "exec.after_intent.1", "exec.after_started.1",
                                        "exec.after_result.1", "undo.after_state",    "undo.after_started.1"};
/// First everything ends at one place, then at the other while that is recovered.
const std::vector<std::array<std::string, 2>> kRecoveries{
    {"exec.after_result.0", "recover.begin"},
    {"exec.before_result.0", "recover.after_leftover.0"},
    {"config.after_rename", "recover.before_result.0"},
    {"exec.after_started.1", "recover.after_leftover.1"},
    {"exec.before_result.1", "recover.before_result.1"},
    {"undo.before_result.0", "recover.before_result.0"},
    {"undo.before_result.1", "recover.before_result.1"}};

struct Round {
  std::string name;
  std::vector<std::string> faults;  ///< the first start of the engine has the first one, and so on
  Web503Variant variant = Web503Variant::Fixable;
  std::string problem = "it has not been run";
  std::string ending;
};

bool isFull() {
  return qEnvironmentVariableIntValue("AIOPS_FULL") != 0;
}

void add(std::vector<Round>& rounds, std::vector<std::string> faults) {
  Round round{.faults = std::move(faults)};
  for (const auto& fault : round.faults) round.name += (round.name.empty() ? "" : " then ") + fault;
  if (round.name.starts_with("undo.")) round.variant = Web503Variant::FailValidation;
  if (round.name.find(qgetenv("AIOPS_FAULTS_ONLY").toStdString()) != std::string::npos) {
    rounds.push_back(std::move(round));
  }
}

std::vector<Round> allRounds() {
  std::vector<Round> rounds;
  size_t turn = 0;
  for (const auto& place : kPlaces) {
    const bool allModes = isFull() || std::ranges::find(kTelling, place) != kTelling.end();
    ++turn;
    for (size_t mode = 0; mode < kModes.size(); ++mode) {
      if (allModes || mode == turn % kModes.size()) add(rounds, {place + ":" + kModes[mode]});
    }
  }
  for (const auto& [first, second] : kRecoveries) {
    ++turn;
    for (size_t mode = 0; mode < kModes.size(); ++mode) {
      if (isFull() || mode == turn % kModes.size()) {
        add(rounds, {first + ":kill_both", second + ":" + kModes[mode]});
      }
    }
  }
  return rounds;
}

/// One fix from its proposal to its outcome, whatever ends in between.
class Drive {
 public:
  Drive(LiveFix& live, const Round& round) : m_live(live), m_round(round) {}

  /// The finished fix. Throws.
  json run() {
    m_live.startEngine(m_round.faults.front());
    const auto deadline = std::chrono::steady_clock::now() + kRoundLimit;
    while (std::chrono::steady_clock::now() < deadline) {
      if (!m_live.engineAlive()) {
        next();
      } else if (auto fix = look(); !fix.is_null()) {
        return fix;
      }
      test::pause(kLook);
    }
    throw std::runtime_error("no end in time: " + m_seen);
  }

 private:
  /// The engine is gone: starts the next one.
  void next() {
    const auto status = m_live.engine().waitForEnd(0ms);
    const bool killed = WIFSIGNALED(*status) && WTERMSIG(*status) == SIGKILL;
    need(killed && m_started <= m_round.faults.size(), "the engine ended by itself: " + m_live.engineWords());
    m_live.startEngine(m_started < m_round.faults.size() ? m_round.faults[m_started] : "");
    ++m_started;
  }

  /// The fix when all is over, or null. A call that fails is asked again: its engine may be gone.
  json look() {
    const auto fixes = m_live.get("/fixes");
    if (!fixes) return note(fixes.error().line());
    for (const auto& fix : fixes->at("items")) {
      const std::string state = fix.at("state");
      need(state != "stale" && state != "expired", "the fix became " + test::inWords(fix));
      if (m_fix.empty() && state == "proposed") m_fix = fix.at("id");
      if (fix.at("id") != m_fix) continue;
      note(test::inWords(fix));
      if (state == "proposed") decide(fix);
      if (!fix.at("execution").contains("ended_at") || fix.at("execution").at("ended_at").is_null()) continue;
      if (struck() && hasOutcome(state)) return fix;
    }
    return nullptr;
  }

  /// The executor may end before it has answered; then the proposal stands and is approved again.
  void decide(const json& fix) {
    const auto approved = m_live.approve(fix);
    if (!approved) note("approve: " + approved.error().line());
  }

  bool hasOutcome(const std::string& state) {
    const auto outcomes = m_live.get("/outcomes");
    if (!outcomes) return false;
    const json* found = nullptr;
    for (const auto& outcome : outcomes->at("items")) {
      if (outcome.at("fix") != m_fix) continue;
      need(found == nullptr, "the fix has two outcomes");
      found = &outcome;
    }
    if (!found) return !note(state + " without an outcome").is_null();
    const std::string expected = state == "succeeded"     ? "worked"
                                 : state == "rolled_back" ? "undone"
                                                          : "failed";
    need(found->at("result") == expected, "outcome of a fix that " + state + ": " + found->dump());
    return true;
  }

  /// Every fault has ended what it had to.
  bool struck() {
    const auto audit = m_live.get("/audit?limit=500");
    if (!audit) return false;
    const auto starts = std::ranges::count_if(
        audit->at("items"), [](const auto& entry) { return entry.at("what") == "executor.start"; });
    const bool alone = m_round.faults.back().ends_with(":kill");
    const size_t engines = m_round.faults.size() - (alone ? 1 : 0);
    if (m_started - 1 >= engines && static_cast<size_t>(starts) > m_round.faults.size()) return true;
    note("the fault has not struck");
    return false;
  }

  json note(const std::string& what) {
    m_seen = what;
    return nullptr;
  }

  LiveFix& m_live;
  const Round& m_round;
  size_t m_started = 1;  ///< engines
  std::string m_fix;
  std::string m_seen;
};

void play(Round& round) try {
  LiveFix live(round.variant);
  const auto fix = Drive(live, round).run();
  const std::string state = fix.at("state");
  round.ending = state;
  need(state == "succeeded" || state == "rolled_back", test::inWords(fix));
  if (round.variant == Web503Variant::FailValidation) need(state == "rolled_back", test::inWords(fix));
  live.needWhole(state == "succeeded");
  live.needAuditVerifies();
  live.endEngine();
  need(test::eventually([&] { return live.executorGone(); }, 30s), "an executor is left");
  live.needWhole(state == "succeeded");
  live.needAuditVerifies();
  round.problem.clear();
} catch (const std::exception& error) {
  round.problem = error.what();
}

}  // namespace

class TestKill : public QObject {
  Q_OBJECT

  std::vector<Round> m_rounds = allRounds();

 private Q_SLOTS:
  /// A round mostly waits: some at once, each on a thread that lives as long as its processes.
  void initTestCase() {
    test::adoptOrphans();
    std::atomic<size_t> next = 0;
    std::vector<std::jthread> threads;
    const int asked = qEnvironmentVariableIntValue("AIOPS_FAULTS_AT_ONCE");
    for (size_t i = 0; i < (asked > 0 ? static_cast<size_t>(asked) : kAtOnce); ++i) {
      threads.emplace_back([this, &next] {
        for (size_t index = next++; index < m_rounds.size(); index = next++) {
          const auto begin = std::chrono::steady_clock::now();
          play(m_rounds[index]);
          const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
          std::printf("%5.1f s  %-60s %s %s\n", took.count(), m_rounds[index].name.c_str(),
                      m_rounds[index].ending.c_str(), m_rounds[index].problem.c_str());
          std::fflush(stdout);
        }
      });
    }
  }

  void killedAt_data() {
    QTest::addColumn<size_t>("round");
    for (size_t i = 0; i < m_rounds.size(); ++i) QTest::newRow(m_rounds[i].name.c_str()) << i;
  }
  void killedAt() {
    QFETCH(size_t, round);
    QVERIFY2(m_rounds[round].problem.empty(), m_rounds[round].problem.c_str());
  }

  void noProcessIsLeft() {
    const auto left = test::leftOverProcesses(20s);
    QVERIFY2(left.empty(), left.empty() ? "" : left.front().c_str());
  }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_faults_kill.moc"
