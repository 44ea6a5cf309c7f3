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
  base::Result<> commit(const pipeline::LaneOutput& output) override;
  std::vector<model::LogLine> lines() const;
  std::vector<model::HealthEvent> health() const;
  /// As the store would give them to the next lane.
  std::vector<model::SourcePosition> positions() const;

 private:
  mutable base::Mutex m_mutex;
  std::vector<model::LogLine> m_lines AIOPS_GUARDED_BY(m_mutex);
  std::vector<model::HealthEvent> m_health AIOPS_GUARDED_BY(m_mutex);
  std::map<std::string, model::SourcePosition> m_positions AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::test
