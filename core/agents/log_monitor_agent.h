// Reads the sources: owns the lane, stores what it gives, keeps the live log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "agents/agent.h"
#include "agents/bus.h"
#include "agents/log_buffer.h"
#include "pipeline/lane.h"
#include "storage/store.h"

namespace aiops::agents {

class LogMonitorAgent final : public Agent, private pipeline::LaneSink {
 public:
  struct Parts {
    storage::Store& store;
    Bus& bus;
    LogBuffer& logs;
    std::shared_ptr<const detection::PatternSet> patterns;
    std::vector<pipeline::LaneSource> sources;
  };

  LogMonitorAgent(Parts parts, const base::Clock& clock, HealthSink& health);

  /// Ends reading; call before stop().
  void stopReading() AIOPS_EXCLUDES(m_laneMutex);
  /// Thread safe.
  std::vector<model::SourceStatus> statuses() const AIOPS_EXCLUDES(m_laneMutex);
  std::optional<detection::LastMatch> lastMatch(const std::string& pattern, const std::string& service) const
      AIOPS_EXCLUDES(m_laneMutex);

 protected:
  void reload() override;
  void tick() override;

 private:
  base::Result<> commit(const pipeline::LaneOutput& output) override;
  std::shared_ptr<pipeline::Lane> lane() const AIOPS_EXCLUDES(m_laneMutex);

  const Parts m_parts;
  std::string m_shownProblem;
  mutable base::Mutex m_laneMutex;
  std::shared_ptr<pipeline::Lane> m_lane AIOPS_GUARDED_BY(m_laneMutex);
};

}  // namespace aiops::agents
