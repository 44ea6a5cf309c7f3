// An agent: one worker thread, a state in words, and a restart with back-off when a task of its throws.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/agent_settings.h"
#include "base/mutex.h"
#include "base/time.h"
#include "base/worker.h"
#include "model/status.h"

namespace aiops::agents {

/// Where agents report trouble that the operator must see. Thread safe.
class HealthSink {
 public:
  virtual ~HealthSink() = default;
  virtual void report(model::Severity severity, const std::string& part, const std::string& what,
                      const std::string& remedy) = 0;
};

/// Derived classes keep all their state on the agent's thread, built by reload() from the store, so that a
/// restart loses nothing. start() and stop() are called by the owner, stop() before destruction.
class Agent {
 public:
  Agent(std::string id, std::string name, std::vector<AgentSettingRow> settings, const base::Clock& clock,
        HealthSink& health);
  virtual ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  /// From here on tasks are taken and kept until start(): agents that are wired to each other are all opened
  /// before the first one starts, so that nothing said between them is lost.
  void open();
  /// Opens if need be, loads the state, then runs what has come.
  void start();
  /// Finishes what is queued and joins.
  void stop();
  /// Thread safe.
  model::AgentStatus status() const AIOPS_EXCLUDES(m_mutex);
  const std::string& id() const { return m_id; }

  /// Thread safe. A disabled agent takes up no new work; what it would have missed is in the store, and it
  /// takes that up when it is enabled. Conflict when it can't be left out just now.
  base::Result<> setEnabled(bool enabled);
  bool isEnabled() const { return m_enabled; }
  /// Why the agent can't be disabled now; thread safe.
  virtual base::Result<> mayBeDisabled() const { return {}; }
  /// Thread safe. Lets go of what the agent holds and loads it from the store again, as after a failure but
  /// at once; counted apart. What was posted before runs first (a failed agent's work: after), nothing is
  /// lost. `done` is called on the agent's thread when that has ended, well or not: status() tells. Without
  /// it, Conflict: the agent is disabled; Unavailable: it takes no work, since it ends or too much waits.
  base::Result<> restart(std::function<void()> done);
  /// Whether restart() would be refused for what the agent is; thread safe.
  base::Result<> mayRestart() const;
  /// Thread safe; in force at once.
  AgentSettings& settings() { return m_settings; }
  const AgentSettings& settings() const { return m_settings; }
  /// Before open(): what was chosen in an earlier run. Values that are no longer allowed are left out.
  void restoreChoice(const model::AgentChoice& choice);

 protected:
  /// Runs `task` on the agent's thread. An agent that has not started or has failed keeps tasks until it is
  /// up (at most 1,000; the loss of more is a health event).
  bool post(std::function<void()> task);
  /// Takes the agent's state from the store. On its thread, at the start and after a failure.
  virtual void reload() = 0;
  /// About five times a second, on its thread.
  virtual void tick() {}
  /// On its thread, after it was disabled. After it was enabled, reload() is called.
  virtual void disabled() {}
  void setState(model::AgentState state, std::string task) AIOPS_EXCLUDES(m_mutex);
  const base::Clock& clock() const { return m_clock; }
  HealthSink& health() { return m_health; }

 private:
  void guarded(const std::function<void()>& task);
  void onTick();
  void runOrKeep(std::function<void()> task);
  void runKept();
  void markFailed(const std::string& what);
  void startAgain(bool asked) AIOPS_EXCLUDES(m_mutex);

  const std::string m_id;
  const std::string m_name;
  const base::Clock& m_clock;
  HealthSink& m_health;
  AgentSettings m_settings;
  std::atomic<bool> m_enabled = true;
  std::atomic<uint64_t> m_handled = 0;
  std::unique_ptr<base::Worker> m_worker;
  bool m_begun = false;  // agent's thread only, like the next four
  bool m_failed = false;
  base::Duration m_retryAt{0};
  std::deque<std::function<void()>> m_deferred;
  uint32_t m_failuresInRow = 0;
  mutable base::Mutex m_mutex;
  model::AgentState m_state AIOPS_GUARDED_BY(m_mutex) = model::AgentState::Idle;
  std::string m_task AIOPS_GUARDED_BY(m_mutex);
  uint32_t m_restarts AIOPS_GUARDED_BY(m_mutex) = 0;
  uint32_t m_operatorRestarts AIOPS_GUARDED_BY(m_mutex) = 0;
  std::string m_lastProblem AIOPS_GUARDED_BY(m_mutex);
  std::optional<base::TimePoint> m_lastProblemAt AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::agents
