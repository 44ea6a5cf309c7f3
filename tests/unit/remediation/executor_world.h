// The world with a real executor process and a real small service.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <memory>

#include "base/bounded_queue.h"
#include "remediation/executor_client.h"
#include "remediation/journal.h"
#include "security/audit_chain.h"
#include "unit/remediation/remediation_world.h"

namespace aiops::remediation::test {

class ExecutorWorld : public World {
 public:
  ExecutorWorld() : World(AIOPS_HELPER) {
    m_service.setProgram(QStringLiteral(AIOPS_HELPER));
    m_service.setArguments({QStringLiteral("service"), QString::fromStdString(root().string())});
    m_service.start();
    QElapsedTimer timer;
    timer.start();
    while (!std::filesystem::exists(root() / "ready") && timer.elapsed() < 10000) QTest::qWait(5);
    take(plan().value());
  }
  ~ExecutorWorld() {
    client.reset();
    m_service.kill();
    m_service.waitForFinished(5000);
  }

  /// A new executor, ready, with `failpoint` armed ("" for none).
  base::Result<ExecutorStatus> startExecutor(const std::string& failpoint = {}) {
    client.reset();
    m_events = std::make_shared<base::BoundedQueue<ExecutorEvent>>(10000);
    if (failpoint.empty()) {
      qunsetenv("AIOPS_FAIL");
    } else {
      qputenv("AIOPS_FAIL", QByteArray::fromStdString(failpoint));
    }
    client = std::make_unique<ExecutorClient>(config, AIOPS_HELPER);
    if (auto spawned = client->spawn(); !spawned) return std::unexpected(spawned.error());
    qunsetenv("AIOPS_FAIL");
    return client->connect(
        {[events = m_events](const ExecutorEvent& event) { events->tryPush(ExecutorEvent(event)); },
         [events = m_events](const std::string&) { events->close(); }});
  }

  /// The next state of the run that is not `from`; Proposed when the executor ended or time is up.
  model::FixState nextState() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (auto event = m_events->popUntil(deadline)) {
      lastDetail = event->detail;
      if (event->kind == ExecutorEvent::Kind::State) return event->state;
    }
    return model::FixState::Proposed;
  }

  /// Waits for `wanted`; false when the executor ended before, or another final state came.
  bool reaches(model::FixState wanted) {
    for (;;) {
      const auto state = nextState();
      if (state == wanted) return true;
      if (state == model::FixState::Proposed || model::isFinal(state)) return false;
    }
  }

  /// Takes the run as far as it goes with the executor as it is; true when it ended.
  bool drive(bool goodVerdict) {
    const auto status = client->statusOfRuns();
    if (!status) return false;
    if (status->runs.empty() && !client->approve(bytes, hash, "tester", "")) return false;
    const bool claimed = !status->runs.empty() && status->runs[0].state != model::FixState::Approved;
    if (claimed && model::isFinal(status->runs[0].state)) return true;
    const auto begun = claimed ? base::Result<>() : client->execute(bytes, hash);
    if (!begun) return false;
    if (claimed && !client->recover()) return false;
    for (;;) {
      const auto state = nextState();
      if (model::isFinal(state)) return true;
      if (state == model::FixState::Proposed) return false;
      if (state == model::FixState::Validating && !client->verdict(hash, goodVerdict, "test")) return false;
    }
  }

  bool waitForOutput(int step) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (auto event = m_events->popUntil(deadline)) {
      if (event->kind == ExecutorEvent::Kind::Output && event->step == step) return true;
    }
    return false;
  }

  base::Result<> approveAndExecute() {
    if (auto approved = client->approve(bytes, hash, "tester", "looks right"); !approved) return approved;
    return client->execute(bytes, hash);
  }

  /// The journal as it is on disk, once no executor holds it any more.
  std::vector<JournalRecord> records() const {
    const auto journal = Journal::open(executorDirectory(config.home) / "journal");
    return journal ? (*journal)->records() : std::vector<JournalRecord>{};
  }
  model::FixState finalState() const {
    const auto state = replay(records());
    const auto run = state.runs.find(hash);
    return run == state.runs.end() ? model::FixState::Proposed : run->second.state;
  }
  bool auditIsWhole() const { return security::verifyAudit(executorDirectory(config.home)).whole; }

  /// Limits with which the service was restarted, in order: "128 64 ".
  std::string ledger() const {
    std::string text = base::readFile(root() / "ledger").value_or("");
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }
  bool unchanged() const {
    const auto now = readConfigFile(configFile());
    return now && now->bytes == kConfigBefore && now->mode == 0640 && noTemporaries();
  }
  bool changed() const {
    const auto now = readConfigFile(configFile());
    return now && now->bytes == planned.plan.steps[0].edit->after && now->mode == 0640 && noTemporaries();
  }
  bool noTemporaries() const {
    return std::distance(std::filesystem::directory_iterator(root() / "etc"),
                         std::filesystem::directory_iterator()) == 1;
  }
  void touch(const char* name) const { std::ofstream(root() / name) << "x"; }

  qint64 servicePid() const { return m_service.processId(); }
  /// From now on this is the plan.
  void take(PlannedFix other) {
    planned = std::move(other);
    bytes = model::canonicalBytes(planned.plan);
    hash = planned.planHash;
  }

  PlannedFix planned;
  std::string bytes;
  std::string hash;
  std::string lastDetail;
  std::unique_ptr<ExecutorClient> client;

 private:
  std::shared_ptr<base::BoundedQueue<ExecutorEvent>> m_events;
  QProcess m_service;
};

}  // namespace aiops::remediation::test
