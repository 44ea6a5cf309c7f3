// The ledger of changes: keeps what was changed, and tells what of it an incident is looked at with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/change_history.h"
#include "base/mutex.h"
#include "correlation/change_reader.h"
#include "storage/store.h"

namespace aiops::agents {

/// Keeps two weeks in memory; the store has what retention leaves. Of the differences, which may be long, the
/// newest kMostDifferences stay in memory. Secrets are taken out of texts before they are kept. Thread safe.
/// The parts outlive it.
class ChangeBook {
 public:
  struct Parts {
    storage::Store& store;
    const base::Clock& clock;
    const correlation::Topology& topology;
    std::function<std::string(std::string_view)> redact;
  };
  explicit ChangeBook(Parts parts) : m_parts(std::move(parts)) {}
  /// Reads what is stored. Once, before anything is added.
  base::Result<> load() AIOPS_EXCLUDES(m_mutex);

  /// What these events tell, as far as it is new; stored.
  base::Result<std::vector<model::Change>> take(const std::vector<model::Event>& events)
      AIOPS_EXCLUDES(m_mutex);
  /// Gives those that are new; stored.
  base::Result<std::vector<model::Change>> add(std::vector<model::Change> changes) AIOPS_EXCLUDES(m_mutex);
  /// That an incident began: what went badly once is no routine.
  void noteTrouble(const model::Incident& incident) AIOPS_EXCLUDES(m_mutex);

  /// What an incident is looked at with; see changesAround().
  std::vector<model::Change> around(const model::Incident& incident, const analysis::Blame& blame,
                                    base::TimePoint until) const AIOPS_EXCLUDES(m_mutex);
  /// Whether the change concerns the incident's services, or what they depend on.
  bool concerns(const model::Change& change, const model::Incident& incident) const;
  /// From the store, the newest first.
  base::Result<std::vector<model::Change>> list(const storage::ChangeQuery& query) const;

 private:
  static constexpr size_t kMostDifferences = 300;

  base::Result<std::vector<model::Change>> keep(std::vector<model::Change> changes) AIOPS_REQUIRES(m_mutex);
  void forgetOld() AIOPS_REQUIRES(m_mutex);
  void clean(model::Change& change) const;

  const Parts m_parts;
  mutable base::Mutex m_mutex;
  correlation::ChangeReader m_reader AIOPS_GUARDED_BY(m_mutex);
  std::vector<model::Change> m_changes AIOPS_GUARDED_BY(m_mutex);  ///< in the order of coming
  std::set<std::string> m_ids AIOPS_GUARDED_BY(m_mutex);           ///< of m_changes
  std::vector<analysis::TroubleStart> m_troubles AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::agents
