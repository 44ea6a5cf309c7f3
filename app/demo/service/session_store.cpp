// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/session_store.h"

namespace aiops::demo {

namespace {
constexpr std::chrono::seconds kRefusingFor{3};
}

SessionStore::SessionStore(uint64_t limitBytes, uint64_t sessionBytes, std::chrono::milliseconds ttl,
                           uint64_t seed)
    : m_limitBytes(limitBytes),
      m_sessionBytes(sessionBytes),
      m_ttl(ttl),
      m_random(static_cast<std::minstd_rand::result_type>(seed)) {}

bool SessionStore::add(Time now) {
  const base::MutexLock lock(m_mutex);
  expire(now);
  if ((m_sessions.size() + 1) * m_sessionBytes > m_limitBytes) {
    m_refusedUntil = now + kRefusingFor;
    return false;
  }
  std::uniform_int_distribution<int64_t> lifetime(m_ttl.count() / 2, m_ttl.count() * 3 / 2);
  const Time end = now + std::chrono::milliseconds(lifetime(m_random));
  // Written, not just reserved: the pages are really there.
  m_sessions.emplace(end, std::vector<char>(m_sessionBytes, 's'));
  return true;
}

SessionStore::Usage SessionStore::usage(Time now) {
  const base::MutexLock lock(m_mutex);
  expire(now);
  return {m_sessions.size() * m_sessionBytes, m_limitBytes, now < m_refusedUntil};
}

void SessionStore::expire(Time now) {
  m_sessions.erase(m_sessions.begin(), m_sessions.upper_bound(now));
}

}  // namespace aiops::demo
