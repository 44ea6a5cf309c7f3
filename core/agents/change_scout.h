// Looks for changes that no log tells of: configuration files, unit files, certificates, packages.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agents/agent.h"
#include "agents/bus.h"
#include "agents/change_book.h"
#include "base/mutex.h"
#include "base/worker.h"
#include "model/audit.h"
#include "model/inventory.h"
#include "sources/certificate.h"
#include "sources/change_watch.h"
#include "sources/difference.h"
#include "sources/package_log.h"

namespace aiops::agents {

/// Where changes are looked for beside the inventory's configuration files; an empty path: nowhere.
struct ChangePlaces {
  std::string packageLog;     ///< of dpkg
  std::string unitDirectory;  ///< where an operator's systemd units stand
  std::string host;           ///< what changes here are said to be of
};

/// A thread of its own, which nothing waits for. Files as they were last seen are kept in the store, so that
/// what changed while this program did not run is found too. A file that was in force for kGoodAfter and
/// whose service is in no trouble is the last known good from then on; a person may say so at once. What
/// can't be read is a health event. Thread safe. The parts outlive it.
class ChangeScout {
 public:
  static constexpr std::chrono::minutes kGoodAfter{30};

  struct Parts {
    storage::Store& store;
    const Bus& bus;
    ChangeBook& book;
    const model::Inventory& inventory;
    const base::Clock& clock;
    HealthSink& health;
    sources::Redact redact;
    std::function<base::Result<>(model::AuditEntry)> audit;
    ChangePlaces places;
  };
  explicit ChangeScout(Parts parts);

  void start();
  /// Ends after the look under way.
  void stop() { m_worker.reset(); }

  /// The last known good of each file, by path.
  std::vector<model::Baseline> baselines() const AIOPS_EXCLUDES(m_mutex);
  /// A person says that the file is right as it is now. NotFound when it is not watched or not there.
  base::Result<model::Baseline> setBaseline(const std::string& who, const std::string& path)
      AIOPS_EXCLUDES(m_mutex);

  /// Everything that is due; what the thread does four times a second.
  void look() AIOPS_EXCLUDES(m_mutex);

 private:
  using Baselines = std::map<std::string, storage::StoredBaseline>;  ///< by path

  base::Result<> begin() AIOPS_REQUIRES(m_mutex);
  std::vector<sources::WatchedFile> filesToWatch() const;
  base::Result<> lookAtFiles() AIOPS_REQUIRES(m_mutex);
  base::Result<> take(const sources::FileNews& news) AIOPS_REQUIRES(m_mutex);
  model::Change changeOf(const sources::FileNews& news) const AIOPS_REQUIRES(m_mutex);
  void lookAtPackages(std::vector<model::Change>& changes) AIOPS_REQUIRES(m_mutex);
  std::string serviceOfPackage(const std::string& package) const;
  base::Result<> lookAtCertificates(std::vector<model::Change>& changes) AIOPS_REQUIRES(m_mutex);
  base::Result<> lookAtCertificate(const std::string& service, const std::string& path,
                                   std::vector<model::Change>& changes) AIOPS_REQUIRES(m_mutex);
  void foretell(const std::string& service, const std::string& path, const sources::Certificate& certificate,
                std::vector<model::Change>& changes) const;
  base::Result<> findGood() AIOPS_REQUIRES(m_mutex);
  base::Result<> makeGood(const std::string& path, const sources::FileState& state, const std::string& by)
      AIOPS_REQUIRES(m_mutex);
  base::Result<> save(const storage::StoredBaseline& baseline);
  base::Result<> publish(std::vector<model::Change> changes);
  void tellProblems() AIOPS_REQUIRES(m_mutex);
  base::Result<> lookAtAll(std::vector<model::Change>& changes) AIOPS_REQUIRES(m_mutex);
  model::Baseline shown(const storage::StoredBaseline& good, const std::string& service) const
      AIOPS_REQUIRES(m_mutex);

  const Parts m_parts;
  mutable base::Mutex m_mutex;
  std::unique_ptr<sources::ChangeWatch> m_watch AIOPS_GUARDED_BY(m_mutex);  ///< null before the first look
  sources::PackageLog m_packages AIOPS_GUARDED_BY(m_mutex);
  Baselines m_good AIOPS_GUARDED_BY(m_mutex);
  Baselines m_certificates AIOPS_GUARDED_BY(m_mutex);
  std::map<std::string, std::string> m_certificateProblems AIOPS_GUARDED_BY(m_mutex);
  base::Duration m_nextSlow AIOPS_GUARDED_BY(m_mutex) = base::Duration(0);  ///< time since boot
  base::Duration m_nextPackages AIOPS_GUARDED_BY(m_mutex) = base::Duration(0);
  std::string m_shownProblem AIOPS_GUARDED_BY(m_mutex);
  std::unique_ptr<base::Worker> m_worker;
};

}  // namespace aiops::agents
