// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/log_monitor_agent.h"

#include "agents/must.h"

namespace aiops::agents {
namespace {

constexpr const char* kLaneName = "lane-0";

}  // namespace

LogMonitorAgent::LogMonitorAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("log_monitor", "Log monitor", clock, health), m_parts(std::move(parts)) {}

std::shared_ptr<pipeline::Lane> LogMonitorAgent::lane() const {
  base::MutexLock lock(m_laneMutex);
  return m_lane;
}

void LogMonitorAgent::reload() {
  stopReading();
  auto fresh = std::make_shared<pipeline::Lane>(
      m_parts.sources, must(m_parts.store.positions()), must(m_parts.store.detectorState(kLaneName)),
      m_parts.patterns, clock(), static_cast<pipeline::LaneSink&>(*this));
  {
    base::MutexLock lock(m_laneMutex);
    m_lane = fresh;
  }
  must(fresh->start());
  tick();
}

void LogMonitorAgent::stopReading() {
  if (const auto running = lane()) running->stop();
}

base::Result<> LogMonitorAgent::commit(const pipeline::LaneOutput& output) {
  storage::IngestBatch batch{.events = output.events,
                             .positions = output.positions,
                             .health = output.health,
                             .lineCounts = output.counts};
  if (!output.detectorState.empty()) batch.detectorStates[kLaneName] = output.detectorState;
  if (auto stored = m_parts.store.commitIngest(batch); !stored) return stored;
  m_parts.logs.append(output.lines);
  if (!output.events.empty()) m_parts.bus.publish(EventsStored{output.events});
  return {};
}

void LogMonitorAgent::tick() {
  const auto running = lane();
  const auto sources = running ? running->statuses() : std::vector<model::SourceStatus>{};
  const std::string problem = running ? running->problem() : "";
  if (problem != m_shownProblem && !problem.empty()) {
    health().report(model::Severity::Error, "log monitor", problem,
                    "reading goes on as soon as it can be stored");
  }
  m_shownProblem = problem;
  if (!problem.empty()) return setState(model::AgentState::Waiting, problem);
  const std::string text = std::to_string(sources.size()) +
                           (sources.size() == 1 ? " source, " : " sources, ") +
                           std::to_string(m_parts.patterns->size()) + " patterns";
  setState(sources.empty() ? model::AgentState::Idle : model::AgentState::Active, text);
}

std::vector<model::SourceStatus> LogMonitorAgent::statuses() const {
  const auto running = lane();
  return running ? running->statuses() : std::vector<model::SourceStatus>{};
}

std::optional<detection::LastMatch> LogMonitorAgent::lastMatch(const std::string& pattern,
                                                               const std::string& service) const {
  const auto running = lane();
  return running ? running->lastMatch(pattern, service) : std::nullopt;
}

}  // namespace aiops::agents
