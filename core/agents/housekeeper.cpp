// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/housekeeper.h"

namespace aiops::agents {

Housekeeper::Housekeeper(storage::Store& store, storage::RetentionOptions options, const base::Clock& clock,
                         HealthSink& health)
    : m_clock(clock), m_health(health), m_retention(store, options) {}

void Housekeeper::start() {
  m_worker = std::make_unique<base::Worker>("housekeeping", 16, [this] { tick(); });
}

/// One step a tick: between two of them everybody else gets at the database.
void Housekeeper::tick() {
  m_retention.step(m_clock.now());
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
