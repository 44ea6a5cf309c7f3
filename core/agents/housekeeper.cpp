// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/housekeeper.h"

#include <algorithm>

namespace aiops::agents {

Housekeeper::Housekeeper(storage::Store& store, storage::RetentionOptions options, const base::Clock& clock,
                         HealthSink& health)
    : m_clock(clock),
      m_bootedAt(clock.now() - clock.sinceBoot()),
      m_health(health),
      m_retention(store, options) {}

void Housekeeper::start() {
  m_worker = std::make_unique<base::Worker>("housekeeping", 16, [this] { tick(); });
}

/// A clock that was put forward makes nothing old, before somebody has started this program with it.
base::TimePoint Housekeeper::now() const {
  return std::min(m_clock.now(), m_bootedAt + m_clock.sinceBoot());
}

/// One step a tick: between two of them everybody else gets at the database.
void Housekeeper::tick() {
  m_retention.step(now());
  const auto status = m_retention.status();
  std::string problem;
  {
    base::MutexLock lock(m_mutex);
    if (status.problem != m_status.problem) problem = status.problem;
    m_status = status;
  }
  if (!problem.empty()) {
    m_health.report(model::Severity::Warning, "database", "old rows could not be removed: " + problem,
                    "It is tried again in an hour.");
  }
}

model::RetentionStatus Housekeeper::status() const {
  base::MutexLock lock(m_mutex);
  return m_status;
}

}  // namespace aiops::agents
