// The bearer keys in memory: those of the store, and the one with which programs of this user on this machine
// reach this instance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "api/key_store.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/worker.h"
#include "remediation/executor_client.h"
#include "storage/store.h"

namespace aiops::app {

/// Thread safe.
class ApiKeyCache final : public api::KeyStore {
 public:
  ApiKeyCache(storage::Store& store, remediation::ExecutorClient& executor, const base::Clock& clock);

  /// Reads the stored keys and writes a new local key, mode 0600, that is good until this process ends.
  base::Result<> load(const std::filesystem::path& localKeyFile);

  std::optional<security::ApiKeyRecord> find(const std::string& id8) override AIOPS_EXCLUDES(m_mutex);
  void authFailed(const api::AuthFailure& failure) override;

 private:
  storage::Store& m_store;
  remediation::ExecutorClient& m_executor;
  const base::Clock& m_clock;
  base::Mutex m_mutex;
  std::map<std::string, security::ApiKeyRecord> m_keys AIOPS_GUARDED_BY(m_mutex);
  base::Worker m_auditor{"auth-audit", 64};
};

}  // namespace aiops::app
