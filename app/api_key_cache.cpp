// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api_key_cache.h"

#include "base/bytes.h"

namespace aiops::app {

ApiKeyCache::ApiKeyCache(storage::Store& store, remediation::ExecutorClient& executor,
                         const base::Clock& clock)
    : m_store(store), m_executor(executor), m_clock(clock) {}

base::Result<> ApiKeyCache::load(const std::filesystem::path& localKeyFile) {
  auto stored = m_store.apiKeys();
  if (!stored) return std::unexpected(stored.error());
  const auto local = security::generateApiKey("local operator", security::Scope::Admin, m_clock.now());
  if (auto written = base::writeFileAtomic(localKeyFile, local.text, 0600); !written) return written;
  base::MutexLock lock(m_mutex);
  for (auto& key : *stored) m_keys.insert_or_assign(key.id, key);
  m_keys.insert_or_assign(local.record.id, local.record);
  return {};
}

std::optional<security::ApiKeyRecord> ApiKeyCache::find(const std::string& id8) {
  {
    base::MutexLock lock(m_mutex);
    const auto found = m_keys.find(id8);
    if (found != m_keys.end()) return found->second;
  }
  auto stored = m_store.apiKey(id8);  // made since the start
  if (!stored) return std::nullopt;
  base::MutexLock lock(m_mutex);
  return m_keys.insert_or_assign(id8, *stored).first->second;
}

void ApiKeyCache::authFailed(const api::AuthFailure& failure) {
  // A full queue drops the entry: the server has already limited how often it tells us.
  (void)m_auditor.post([this, failure] {
    (void)m_executor.audit({.at = m_clock.now(),
                            .who = "address " + failure.address,
                            .what = "auth.fail",
                            .target = failure.keyId.empty() ? "no key id" : "key " + failure.keyId,
                            .why = failure.why,
                            .result = "refused"});
  });
}

}  // namespace aiops::app
