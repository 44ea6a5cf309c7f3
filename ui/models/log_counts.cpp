// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_counts.h"

#include <algorithm>

namespace aiops::ui {
namespace {

int64_t secondOf(const LogBuffer::Entry& entry) {
  return std::chrono::floor<std::chrono::seconds>(entry.time).time_since_epoch().count();
}

uint32_t& countOf(LogBar& bar, model::Severity severity) {
  if (severity >= model::Severity::Error) return bar.error;
  return severity == model::Severity::Warning ? bar.warning : bar.info;
}

}  // namespace

void LogCounts::add(const LogBuffer::Entry& entry) {
  if (!entry.hasTime) return;
  auto& services = m_seconds[secondOf(entry)];
  if (services.size() <= entry.service) services.resize(entry.service + 1);
  ++countOf(services[entry.service], entry.severity);
}

void LogCounts::remove(const LogBuffer::Entry& entry) {
  if (!entry.hasTime) return;
  const auto second = m_seconds.find(secondOf(entry));
  if (second == m_seconds.end()) return;
  --countOf(second->second[entry.service], entry.severity);
  const bool empty = std::all_of(second->second.begin(), second->second.end(),
                                 [](const LogBar& bar) { return bar.all() == 0; });
  if (empty) m_seconds.erase(second);
}

}  // namespace aiops::ui
