// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/line_sink.h"

namespace aiops::test {

base::Result<> LineSink::commit(const pipeline::LaneOutput& output) {
  base::MutexLock lock(m_mutex);
  m_lines.insert(m_lines.end(), output.lines.begin(), output.lines.end());
  m_health.insert(m_health.end(), output.health.begin(), output.health.end());
  for (const auto& position : output.positions) m_positions[position.source] = position;
  return {};
}

std::vector<model::LogLine> LineSink::lines() const {
  base::MutexLock lock(m_mutex);
  return m_lines;
}

std::vector<model::HealthEvent> LineSink::health() const {
  base::MutexLock lock(m_mutex);
  return m_health;
}

std::vector<model::SourcePosition> LineSink::positions() const {
  base::MutexLock lock(m_mutex);
  std::vector<model::SourcePosition> all;
  for (const auto& [source, position] : m_positions) all.push_back(position);
  return all;
}

}  // namespace aiops::test
