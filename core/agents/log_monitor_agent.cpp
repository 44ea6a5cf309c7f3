// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/log_monitor_agent.h"

#include <algorithm>

#include "agents/must.h"

namespace aiops::agents {
namespace {

constexpr const char* kLaneName = "lane-0";
constexpr const char* kMinimumSeverity = "minimum_severity";

}  // namespace

LogMonitorAgent::LogMonitorAgent(Parts parts, const base::Clock& clock, HealthSink& health)
    : Agent("log_monitor", "Log monitor",
            {choiceSetting(kMinimumSeverity, {"debug", "info", "warning", "error", "critical"}, "info",
                           "events below this are not raised")},
            clock, health),
      m_parts(std::move(parts)),
      m_patterns(m_parts.patterns) {}

std::shared_ptr<pipeline::Lane> LogMonitorAgent::lane() const {
  base::MutexLock lock(m_laneMutex);
  return m_lane;
}

std::shared_ptr<const detection::PatternSet> LogMonitorAgent::patterns() const {
  base::MutexLock lock(m_laneMutex);
  return m_patterns;
}

void LogMonitorAgent::usePatterns(std::shared_ptr<const detection::PatternSet> patterns) {
  base::MutexLock lock(m_laneMutex);
  m_patterns = patterns;
  if (m_lane) m_lane->usePatterns(std::move(patterns));
}

bool LogMonitorAgent::isConfigured(const std::string& path) const {
  return std::ranges::any_of(m_parts.sources, [&](const auto& source) { return source.path == path; });
}

std::vector<pipeline::LaneSource> LogMonitorAgent::allSources() {
  auto sources = m_parts.sources;
  for (auto& added : must(m_parts.store.addedSources())) {
    if (isConfigured(added.path)) continue;
    sources.push_back({.path = added.path, .service = added.service, .added = true});
  }
  return sources;
}

base::Result<> LogMonitorAgent::addSource(pipeline::LaneSource source) {
  const auto running = lane();
  if (!running) return base::fail(base::ErrorCode::Unavailable, "reading has not begun yet");
  return running->addSource(std::move(source));
}

base::Result<> LogMonitorAgent::removeSource(const std::string& path) {
  const auto running = lane();
  if (!running) return base::fail(base::ErrorCode::Unavailable, "reading has not begun yet");
  return running->removeSource(path);
}

void LogMonitorAgent::reload() {
  stopReading();
  if (!isEnabled()) return;
  auto fresh = std::make_shared<pipeline::Lane>(
      allSources(), must(m_parts.store.positions()), must(m_parts.store.detectorState(kLaneName)), patterns(),
      clock(), static_cast<pipeline::LaneSink&>(*this), m_parts.lane);
  {
    base::MutexLock lock(m_laneMutex);
    m_lane = fresh;
  }
  must(fresh->start());
  tick();
}

/// The positions are stored: reading goes on there when it is enabled again.
void LogMonitorAgent::disabled() {
  stopReading();
}

void LogMonitorAgent::stopReading() {
  if (const auto running = lane()) running->stop();
}

base::Result<> LogMonitorAgent::commit(const pipeline::LaneOutput& output) {
  const auto least = model::severityFromString(settings().text(kMinimumSeverity));
  storage::IngestBatch batch{.events = output.events,
                             .positions = output.positions,
                             .health = output.health,
                             .lineCounts = output.counts,
                             .patternCounts = output.found};
  std::erase_if(batch.events, [&](const auto& event) { return least && event.severity < *least; });
  if (!output.detectorState.empty()) batch.detectorStates[kLaneName] = output.detectorState;
  if (auto stored = m_parts.store.commitIngest(batch); !stored) return stored;
  m_parts.logs.append(output.lines);
  if (m_parts.onLines) std::ranges::for_each(batch.lineCounts, m_parts.onLines);
  if (!batch.events.empty()) m_parts.bus.publish(EventsStored{std::move(batch.events)});
  return {};
}

void LogMonitorAgent::tick() {
  if (m_parts.onTick) m_parts.onTick();
  const auto running = lane();
  const auto sources = running ? running->statuses() : std::vector<model::SourceStatus>{};
  for (const auto& source : sources) {
    if (m_parts.onService && !source.service.empty()) m_parts.onService(source.service);
  }
  const std::string problem = running ? running->problem() : "";
  if (problem != m_shownProblem && !problem.empty()) {
    health().report(model::Severity::Error, "log monitor", problem,
                    "reading goes on as soon as it can be stored");
  }
  m_shownProblem = problem;
  if (!problem.empty()) return setState(model::AgentState::Waiting, problem);
  const std::string text = std::to_string(sources.size()) +
                           (sources.size() == 1 ? " source, " : " sources, ") +
                           std::to_string(patterns()->size()) + " patterns";
  setState(sources.empty() ? model::AgentState::Idle : model::AgentState::Active, text);
}

void LogMonitorAgent::addCosts(std::vector<model::PatternInfo>& patterns) const {
  const auto lane = this->lane();
  if (!lane) return;
  const auto lines = static_cast<double>(lane->counters().records);
  std::map<std::string, detection::PatternCost> costs;
  for (auto& cost : lane->costs()) costs.emplace(cost.patternId, std::move(cost));
  for (auto& info : patterns) {
    const auto known = costs.find(info.id);
    if (known == costs.end() || lines == 0) continue;
    info.microsecondsPerLine = static_cast<double>(known->second.time.count()) / 1000 / lines;
    info.overBudget = known->second.isOff;
  }
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
