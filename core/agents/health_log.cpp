// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/health_log.h"

#include <algorithm>

namespace aiops::agents {
namespace {

constexpr size_t kMostUnstored = 200;

base::LogLevel levelOf(model::Severity severity) {
  switch (severity) {
    case model::Severity::Debug:
      return base::LogLevel::Debug;
    case model::Severity::Info:
      return base::LogLevel::Info;
    case model::Severity::Warning:
      return base::LogLevel::Warning;
    default:
      return base::LogLevel::Error;
  }
}

}  // namespace

void HealthLog::setStore(storage::Store* store) {
  base::MutexLock lock(m_mutex);
  m_store = store;
}

void HealthLog::report(model::Severity severity, const std::string& part, const std::string& what,
                       const std::string& remedy) {
  const model::HealthEvent event{
      .at = m_clock.now(), .severity = severity, .part = part, .what = what, .remedy = remedy};
  if (m_logger != nullptr) {
    m_logger->log(levelOf(severity), part, what,
                  remedy.empty() ? base::Logger::Fields{} : base::Logger::Fields{{"remedy", remedy}});
  }
  storage::Store* store = nullptr;
  {
    base::MutexLock lock(m_mutex);
    store = m_store;
  }
  if (store != nullptr && store->addHealthEvent(event)) return;
  base::MutexLock lock(m_mutex);
  m_unstored.push_front(event);
  if (m_unstored.size() > kMostUnstored) m_unstored.pop_back();
}

std::vector<model::HealthEvent> HealthLog::newest(size_t limit) const {
  std::vector<model::HealthEvent> out;
  storage::Store* store = nullptr;
  {
    base::MutexLock lock(m_mutex);
    out.assign(m_unstored.begin(), m_unstored.end());
    store = m_store;
  }
  if (store != nullptr) {
    if (auto stored = store->healthEvents(static_cast<uint32_t>(limit))) {
      out.insert(out.end(), stored->begin(), stored->end());
    }
  }
  std::ranges::stable_sort(out, std::greater(), &model::HealthEvent::at);
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace aiops::agents
