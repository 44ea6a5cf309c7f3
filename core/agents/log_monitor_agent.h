// Reads the sources: owns the lane, stores what it gives, keeps the live log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "agents/agent.h"
#include "agents/bus.h"
#include "agents/log_buffer.h"
#include "model/pattern.h"
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
    std::vector<pipeline::LaneSource> sources;  ///< of the configuration
    pipeline::LaneOptions lane;
    std::function<void()> onTick;  ///< on the agent's thread, about five times a second
    std::function<void(const std::string& service)> onService;  ///< then, for each that has a source
    /// On the lane's thread, for lines that were stored.
    std::function<void(const model::LineCount&)> onLines{};
  };

  LogMonitorAgent(Parts parts, const base::Clock& clock, HealthSink& health);

  /// Ends reading; call before stop().
  void stopReading() AIOPS_EXCLUDES(m_laneMutex);
  /// Thread safe, like all below. Watches it from now on; the store has to keep it for later runs. Conflict
  /// when the path is watched already, Unavailable before the agent has started.
  base::Result<> addSource(pipeline::LaneSource source) AIOPS_EXCLUDES(m_laneMutex);
  /// NotFound when the path is not watched.
  base::Result<> removeSource(const std::string& path) AIOPS_EXCLUDES(m_laneMutex);
  /// Whether the configuration names this path.
  bool isConfigured(const std::string& path) const;
  /// What to look for from the next batch on; windows of what stays the same stay.
  void usePatterns(std::shared_ptr<const detection::PatternSet> patterns) AIOPS_EXCLUDES(m_laneMutex);
  std::vector<model::SourceStatus> statuses() const AIOPS_EXCLUDES(m_laneMutex);
  /// Sets of each pattern what it takes for a line, and whether it was switched off for that.
  void addCosts(std::vector<model::PatternInfo>& patterns) const AIOPS_EXCLUDES(m_laneMutex);
  std::optional<detection::LastMatch> lastMatch(const std::string& pattern, const std::string& service) const
      AIOPS_EXCLUDES(m_laneMutex);

 protected:
  void reload() override;
  void disabled() override;
  void tick() override;

 private:
  base::Result<> commit(const pipeline::LaneOutput& output) override;
  std::vector<pipeline::LaneSource> allSources();
  std::shared_ptr<const detection::PatternSet> patterns() const AIOPS_EXCLUDES(m_laneMutex);
  std::shared_ptr<pipeline::Lane> lane() const AIOPS_EXCLUDES(m_laneMutex);

  const Parts m_parts;
  std::string m_shownProblem;
  mutable base::Mutex m_laneMutex;
  std::shared_ptr<pipeline::Lane> m_lane AIOPS_GUARDED_BY(m_laneMutex);
  std::shared_ptr<const detection::PatternSet> m_patterns AIOPS_GUARDED_BY(m_laneMutex);
};

}  // namespace aiops::agents
