// Lets go of what is too old, beside everything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agents/agent.h"
#include "base/mutex.h"
#include "base/worker.h"
#include "storage/retention.h"

namespace aiops::agents {

/// Owns a thread that takes one small step at a time. Thread safe; the store, clock and sink must outlive it.
class Housekeeper {
 public:
  Housekeeper(storage::Store& store, storage::RetentionOptions options, const base::Clock& clock,
              HealthSink& health);

  void start();
  /// Ends after the step under way.
  void stop() { m_worker.reset(); }
  model::RetentionStatus status() const AIOPS_EXCLUDES(m_mutex);

 private:
  void tick() AIOPS_EXCLUDES(m_mutex);

  base::TimePoint now() const;

  const base::Clock& m_clock;
  const base::TimePoint m_bootedAt;  ///< by the wall clock of the start
  HealthSink& m_health;
  storage::Retention m_retention;  ///< the worker's
  mutable base::Mutex m_mutex;
  model::RetentionStatus m_status AIOPS_GUARDED_BY(m_mutex);
  std::unique_ptr<base::Worker> m_worker;
};

}  // namespace aiops::agents
