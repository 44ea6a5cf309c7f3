// All patterns: those shipped, the operator's folder over them, and what was written while running over both.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/agent.h"
#include "base/cpu_time.h"
#include "base/mutex.h"
#include "detection/pattern.h"
#include "model/log_line.h"
#include "model/pattern.h"
#include "storage/store.h"

namespace aiops::agents {

/// Thread safe. A document of the same id in a later layer stands over the earlier one; one that is broken
/// leaves the earlier one in force and is named. Everything that is written is in the store before it takes
/// effect; versions are never lost, also not by a removal.
class PatternLibrary {
 public:
  using Set = std::shared_ptr<const detection::PatternSet>;
  struct Parts {
    storage::Store& store;
    std::filesystem::path shipped;
    std::vector<std::filesystem::path> own;  ///< folders of the operator; they may come and go
    std::function<void(Set)> use;            ///< takes what is in force from now on; must not call back
  };

  PatternLibrary(Parts parts, const base::Clock& clock, HealthSink& health)
      : m_parts(std::move(parts)), m_clock(clock), m_health(health) {}

  /// Reads all layers. The problems of files, for the start.
  base::Result<std::vector<std::string>> load() AIOPS_EXCLUDES(m_mutex);
  /// Reads the operator's folders again if something in them has changed; looks every three seconds at most.
  void lookForChanges() AIOPS_EXCLUDES(m_mutex);
  Set inForce() const AIOPS_EXCLUDES(m_mutex);

  base::Result<std::vector<model::PatternInfo>> list() AIOPS_EXCLUDES(m_mutex);
  base::Result<model::PatternDetail> detail(const std::string& id) AIOPS_EXCLUDES(m_mutex);
  /// The one document in `text`, or InvalidInput with line and reason.
  static base::Result<detection::PatternDocument> check(const std::string& text);
  /// `text` has passed check().
  base::Result<model::PatternDetail> save(const std::string& who, const std::string& text)
      AIOPS_EXCLUDES(m_mutex);
  /// What remains: "shipped", "operator" or "gone". Conflict when nothing was written.
  base::Result<std::string> remove(const std::string& who, const std::string& id) AIOPS_EXCLUDES(m_mutex);
  base::Result<model::PatternInfo> enable(const std::string& id, bool enabled) AIOPS_EXCLUDES(m_mutex);

 private:
  struct Entry {
    detection::PatternDocument document;
    model::PatternOrigin origin = model::PatternOrigin::Shipped;
    bool shadowsShipped = false;
  };

  std::string fingerprint() const;
  void readOwn() AIOPS_REQUIRES(m_mutex);
  base::Result<> readStored() AIOPS_REQUIRES(m_mutex);
  void compose() AIOPS_REQUIRES(m_mutex);
  const Entry* entry(const std::string& id) const AIOPS_REQUIRES(m_mutex);
  model::PatternInfo info(const Entry& entry) const AIOPS_REQUIRES(m_mutex);
  base::Result<> addFigures(std::vector<model::PatternInfo>& infos);
  void addCounts(const std::vector<model::PatternCount>& counts,
                 const std::map<std::string, model::PatternInfo*>& byId) const;
  base::Result<> write(const storage::StoredPattern& version) AIOPS_REQUIRES(m_mutex);
  uint32_t nextVersion(const std::string& id) const AIOPS_REQUIRES(m_mutex);

  const Parts m_parts;
  const base::Clock& m_clock;
  HealthSink& m_health;
  mutable base::Mutex m_mutex;
  Set m_shipped AIOPS_GUARDED_BY(m_mutex);
  Set m_own AIOPS_GUARDED_BY(m_mutex);
  std::string m_ownPrint AIOPS_GUARDED_BY(m_mutex);
  std::optional<base::Duration> m_lookedAt AIOPS_GUARDED_BY(m_mutex);
  std::map<std::string, std::vector<storage::StoredPattern>> m_written AIOPS_GUARDED_BY(m_mutex);
  std::set<std::string> m_off AIOPS_GUARDED_BY(m_mutex);
  std::map<std::string, Entry> m_entries AIOPS_GUARDED_BY(m_mutex);
  Set m_inForce AIOPS_GUARDED_BY(m_mutex);
};

/// Tries one document on lines, oldest first. What is broken is in the answer. Near misses are lines that
/// something else in the document kept from counting, and, before them, the services and groups that came
/// nearest to the threshold without reaching it ("2 of 3 within 60 s", at the last of those lines).
model::PatternPreview previewPattern(const std::string& text, const std::vector<model::LogLine>& lines,
                                     const base::CpuClock& cpuTime = base::threadCpuTime);

}  // namespace aiops::agents
