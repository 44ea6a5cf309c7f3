// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/agent.h"

#include <algorithm>
#include <exception>

namespace aiops::agents {
namespace {

constexpr size_t kMostDeferred = 1000;
constexpr std::chrono::seconds kLongestBackOff{60};
constexpr std::chrono::milliseconds kTick{200};

}  // namespace

Agent::Agent(std::string id, std::string name, std::vector<AgentSettingRow> settings,
             const base::Clock& clock, HealthSink& health)
    : m_id(std::move(id)),
      m_name(std::move(name)),
      m_clock(clock),
      m_health(health),
      m_settings(std::move(settings)) {}

Agent::~Agent() = default;

void Agent::open() {
  if (!m_worker) m_worker = std::make_unique<base::Worker>(m_id, 4096, [this] { onTick(); }, kTick);
}

void Agent::start() {
  open();
  m_worker->postWaiting([this] {
    m_begun = true;
    guarded([this] { reload(); });
    runKept();
  });
}

void Agent::stop() {
  if (m_worker) m_worker->stop();
}

void Agent::restoreChoice(const model::AgentChoice& choice) {
  m_enabled = choice.enabled;
  m_settings.set(choice.settings);
}

base::Result<> Agent::setEnabled(bool enabled) {
  if (!enabled) {
    if (auto may = mayBeDisabled(); !may) return may;
  }
  if (m_enabled.exchange(enabled) == enabled) return {};
  post([this, enabled] { enabled ? reload() : disabled(); });
  return {};
}

base::Result<> Agent::mayRestart() const {
  if (m_enabled) return {};
  return base::fail(base::ErrorCode::Conflict, "the agent is disabled", m_id,
                    "enable it: that starts it anew");
}

base::Result<> Agent::restart(std::function<void()> done) {
  if (auto may = mayRestart(); !may) return may;
  const bool taken = m_worker && m_worker->post([this, done = std::move(done)] {
    if (m_begun) startAgain(true);
    done();
  });
  if (taken) return {};
  return base::fail(base::ErrorCode::Unavailable, "the agent takes no work", m_id,
                    "it ends, or too much waits for it: try again");
}

bool Agent::post(std::function<void()> task) {
  return m_worker && m_worker->post([this, work = std::move(task)] { runOrKeep(work); });
}

void Agent::runOrKeep(std::function<void()> task) {
  if (m_begun && !m_failed) {
    ++m_handled;
    return guarded(task);
  }
  if (m_deferred.size() < kMostDeferred) return m_deferred.push_back(std::move(task));
  m_health.report(model::Severity::Error, m_name, "work was dropped: too much waits for the agent",
                  "what is stored is taken up again when the agent starts");
}

void Agent::runKept() {
  while (!m_failed && !m_deferred.empty()) {
    const auto task = std::move(m_deferred.front());
    m_deferred.pop_front();
    guarded(task);
  }
}

void Agent::guarded(const std::function<void()>& task) {
  try {
    task();
  } catch (const std::exception& e) {
    markFailed(e.what());
  }
}

void Agent::markFailed(const std::string& what) {
  m_failed = true;
  const auto backOff = std::min(kLongestBackOff, std::chrono::seconds(1u << std::min(m_failuresInRow, 6u)));
  ++m_failuresInRow;
  m_retryAt = m_clock.sinceBoot() + backOff;
  setState(model::AgentState::Failed, "failed: " + what);
  {
    base::MutexLock lock(m_mutex);
    m_lastProblem = what;
    m_lastProblemAt = m_clock.now();
  }
  m_health.report(model::Severity::Error, m_name, "the agent failed: " + what,
                  "it starts again in " + std::to_string(backOff.count()) + " s");
}

void Agent::onTick() {
  if (!m_begun) return;
  if (!m_failed) return guarded([this] { tick(); });
  if (m_clock.sinceBoot() >= m_retryAt) startAgain(false);
}

void Agent::startAgain(bool asked) {
  m_failed = false;
  {
    base::MutexLock lock(m_mutex);
    ++(asked ? m_operatorRestarts : m_restarts);
  }
  setState(model::AgentState::Idle, "started again");
  guarded([this] { reload(); });
  runKept();
  if (!m_failed) m_failuresInRow = 0;
}

void Agent::setState(model::AgentState state, std::string task) {
  base::MutexLock lock(m_mutex);
  m_state = state;
  m_task = std::move(task);
}

model::AgentStatus Agent::status() const {
  auto settings = m_settings.shown();
  base::MutexLock lock(m_mutex);
  const bool off = !m_enabled && m_state != model::AgentState::Failed;
  return {.id = m_id,
          .name = m_name,
          .state = off ? model::AgentState::Disabled : m_state,
          .task = off ? "disabled" : m_task,
          .queued = m_worker ? m_worker->queued() : 0,
          .restarts = m_restarts,
          .operatorRestarts = m_operatorRestarts,
          .enabled = m_enabled,
          .handled = m_handled,
          .lastProblem = m_lastProblem,
          .lastProblemAt = m_lastProblemAt,
          .settings = std::move(settings)};
}

}  // namespace aiops::agents
