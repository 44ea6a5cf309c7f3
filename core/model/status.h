// How the program itself is doing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/severity.h"

namespace aiops::model {

/// A file being tailed.
struct SourceStatus {
  std::string source;
  std::string service;
  bool readable = false;
  std::string problem;  ///< why not readable, or empty
  uint64_t lines = 0;
  uint64_t bytes = 0;
  uint64_t dropped = 0;
  double linesPerSecond = 0;
  std::chrono::milliseconds lag{0};  ///< ingest time minus event time of the last record
  std::optional<base::TimePoint> lastLineAt;
  std::vector<uint32_t> recentRates;  ///< lines per 3 s, oldest first, at most 60 values
};

enum class AgentState : uint8_t { Active, Idle, Waiting, Disabled, Failed };
std::string_view toString(AgentState state);

struct AgentStatus {
  std::string id;  ///< log_monitor, root_cause, fix_executor, learning
  std::string name;
  AgentState state = AgentState::Idle;
  std::string task;  ///< what it is doing now, in words
  uint64_t queued = 0;
  uint32_t restarts = 0;
};

/// Whether anything may run. `stopped` survives restart.
struct AutomationState {
  bool stopped = false;
  std::string by;
  std::string reason;
  std::optional<base::TimePoint> since;
  bool executorReady = false;
  std::string executorProblem;
};

/// Something about ourselves that the operator must see.
struct HealthEvent {
  base::TimePoint at;
  Severity severity = Severity::Warning;
  std::string part;  ///< "source", "database", "executor", "patterns" ...
  std::string what;
  std::string remedy;
};

/// A service the engine knows, for the map: who needs whom.
struct ServiceStatus {
  std::string name;
  std::vector<std::string> dependsOn;  ///< names of services
};

/// What the kernel holds every step to, for display. Empty lists: not known.
struct ExecutionLimits {
  std::vector<std::string> writableRoots;
  std::vector<std::string> forbiddenPaths;
  std::chrono::milliseconds maxExecutionTime{0};
};

struct EngineStatus {
  std::string version;
  base::TimePoint startedAt;
  std::string home;
  std::string database;  ///< "SQLite, 1.2 MB"
  std::vector<SourceStatus> sources;
  std::vector<ServiceStatus> services;  ///< of the configuration
  std::vector<AgentStatus> agents;
  AutomationState automation;
  ExecutionLimits limits;
  std::vector<HealthEvent> health;  ///< newest first, at most 50
  uint64_t openIncidents = 0;
  uint64_t pendingFixes = 0;
  uint64_t outcomes = 0;
  uint64_t worked = 0;
  uint64_t patternsLoaded = 0;
};

void to_json(nlohmann::json& json, const SourceStatus& value);
void from_json(const nlohmann::json& json, SourceStatus& value);
void to_json(nlohmann::json& json, const ExecutionLimits& value);
void from_json(const nlohmann::json& json, ExecutionLimits& value);
void to_json(nlohmann::json& json, const ServiceStatus& value);
void from_json(const nlohmann::json& json, ServiceStatus& value);
void to_json(nlohmann::json& json, const AgentStatus& value);
void from_json(const nlohmann::json& json, AgentStatus& value);
void to_json(nlohmann::json& json, const AutomationState& value);
void from_json(const nlohmann::json& json, AutomationState& value);
void to_json(nlohmann::json& json, const HealthEvent& value);
void from_json(const nlohmann::json& json, HealthEvent& value);
void to_json(nlohmann::json& json, const EngineStatus& value);
void from_json(const nlohmann::json& json, EngineStatus& value);
void to_json(nlohmann::json& json, const AgentState& value);
void from_json(const nlohmann::json& json, AgentState& value);

}  // namespace aiops::model
