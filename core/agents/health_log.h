// What went wrong with the program itself, newest first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <vector>

#include "agents/agent.h"
#include "base/logger.h"
#include "storage/store.h"

namespace aiops::agents {

/// Thread safe. Keeps the newest in memory, and in the store as far as that can take them.
class HealthLog final : public HealthSink {
 public:
  explicit HealthLog(const base::Clock& clock) : m_clock(clock) {}
  /// Each event goes there too; null: nowhere. Before the first report.
  void setLogger(const base::Logger* logger) { m_logger = logger; }
  /// The store must outlive the log. Before that, events stay in memory.
  void setStore(storage::Store* store) AIOPS_EXCLUDES(m_mutex);
  void report(model::Severity severity, const std::string& part, const std::string& what,
              const std::string& remedy) override AIOPS_EXCLUDES(m_mutex);
  /// Newest first, of this run and earlier ones.
  std::vector<model::HealthEvent> newest(size_t limit) const AIOPS_EXCLUDES(m_mutex);

 private:
  const base::Clock& m_clock;
  const base::Logger* m_logger = nullptr;
  mutable base::Mutex m_mutex;
  storage::Store* m_store AIOPS_GUARDED_BY(m_mutex) = nullptr;
  std::deque<model::HealthEvent> m_unstored AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::agents
