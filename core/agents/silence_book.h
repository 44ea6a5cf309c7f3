// The silences and maintenance windows of this engine: takes them, keeps them, tells what they hold back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "model/audit.h"
#include "model/event.h"
#include "model/silence.h"
#include "storage/store.h"

namespace aiops::agents {

/// Events go by their own time, also those read late or again; what is over is therefore known for another
/// day. Thread safe. The parts outlive it.
class SilenceBook {
 public:
  struct Parts {
    storage::Store& store;
    const base::Clock& clock;
    std::function<base::Result<>(model::AuditEntry)> audit;
    std::function<std::set<std::string>()> services;  ///< that are known
    std::function<std::set<std::string>()> patterns;
  };
  explicit SilenceBook(Parts parts) : m_parts(std::move(parts)) {}
  /// Reads what is stored. Once, before the agents start.
  base::Result<> load() AIOPS_EXCLUDES(m_mutex);

  /// In force from now on. InvalidInput for what can't be, and for unknown services and patterns.
  base::Result<model::Silence> add(const std::string& who, model::Silence silence) AIOPS_EXCLUDES(m_mutex);
  base::Result<model::MaintenanceWindow> add(const std::string& who, model::MaintenanceWindow window)
      AIOPS_EXCLUDES(m_mutex);
  /// Ends it now. NotFound when it is over.
  base::Result<model::Silence> removeSilence(const std::string& who, const std::string& id)
      AIOPS_EXCLUDES(m_mutex);
  base::Result<model::MaintenanceWindow> removeWindow(const std::string& who, const std::string& id)
      AIOPS_EXCLUDES(m_mutex);

  /// Those that are not over, the oldest first.
  std::vector<model::Silence> silences() const AIOPS_EXCLUDES(m_mutex);
  std::vector<model::MaintenanceWindow> windows() const AIOPS_EXCLUDES(m_mutex);

  /// True when no incident opens for it.
  bool holds(const model::Event& event) const AIOPS_EXCLUDES(m_mutex);
  /// True when nothing is done about the service now.
  bool holdsAllOf(const std::string& service) const AIOPS_EXCLUDES(m_mutex);

 private:
  base::Result<> checkServices(const std::vector<std::string>& names) const;
  base::Result<> note(const std::string& who, const std::string& what, const std::string& target,
                      const std::string& why, const std::string& result) const;
  base::Result<> forgetOld() AIOPS_REQUIRES(m_mutex);

  const Parts m_parts;
  mutable base::Mutex m_mutex;
  std::vector<model::Silence> m_silences AIOPS_GUARDED_BY(m_mutex);
  std::vector<model::MaintenanceWindow> m_windows AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::agents
