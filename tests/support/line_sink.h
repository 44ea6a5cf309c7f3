// What a lane stored.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "pipeline/lane.h"

namespace aiops::test {

/// Thread safe.
class LineSink : public pipeline::LaneSink {
 public:
  base::Result<> commit(const pipeline::LaneOutput& output) override {
    base::MutexLock lock(m_mutex);
    m_lines.insert(m_lines.end(), output.lines.begin(), output.lines.end());
    m_health.insert(m_health.end(), output.health.begin(), output.health.end());
    for (const auto& position : output.positions) m_positions[position.source] = position;
    return {};
  }
  std::vector<model::LogLine> lines() const {
    base::MutexLock lock(m_mutex);
    return m_lines;
  }
  std::vector<model::HealthEvent> health() const {
    base::MutexLock lock(m_mutex);
    return m_health;
  }
  /// As the store would give them to the next lane.
  std::vector<model::SourcePosition> positions() const {
    base::MutexLock lock(m_mutex);
    std::vector<model::SourcePosition> all;
    for (const auto& [source, position] : m_positions) all.push_back(position);
    return all;
  }

 private:
  mutable base::Mutex m_mutex;
  std::vector<model::LogLine> m_lines AIOPS_GUARDED_BY(m_mutex);
  std::vector<model::HealthEvent> m_health AIOPS_GUARDED_BY(m_mutex);
  std::map<std::string, model::SourcePosition> m_positions AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::test
