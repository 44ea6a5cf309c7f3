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

/// A file being tailed, or a glob or directory without a file.
struct SourceStatus {
  std::string source;
  std::string service;
  bool readable = false;
  std::string problem;  ///< why not readable, or what else is to be known; or empty
  uint64_t lines = 0;   ///< entries: a stack trace is one
  uint64_t bytes = 0;
  /// What was lost since the start, by reason, without those that are zero: `cut` lines and messages of which
  /// only the beginning was kept; `gaps`, times that lines may have been lost with a file or by a vacuum;
  /// `kernel`, datagrams that came too fast; `refused_connections`, `broken_connections`.
  std::map<std::string, uint64_t> drops;
  uint64_t dropped = 0;       ///< all of `drops`
  uint64_t cutLines = 0;      ///< longer than the limit; their beginning was kept
  uint64_t invalidLines = 0;  ///< entries that are no valid UTF-8
  std::string lastProblem;    ///< the newest problem, also when it is over
  std::optional<base::TimePoint> lastProblemAt;
  std::string watchedAs;   ///< the path, glob or directory it is watched by; "-" is standard input
  bool removable = false;  ///< added while running, not by the configuration
  double linesPerSecond = 0;
  double bytesPerSecond = 0;
  std::chrono::milliseconds lag{0};  ///< ingest time minus event time of the last record
  std::optional<base::TimePoint> lastLineAt;
  std::vector<uint32_t> recentRates;  ///< lines per 3 s, oldest first, at most 60 values
};

enum class AgentState : uint8_t { Active, Idle, Waiting, Disabled, Failed };
std::string_view toString(AgentState state);

/// One setting of an agent.
struct AgentSetting {
  std::string key;  ///< "risk_threshold"
  std::string value;
  std::string allowed;  ///< in words: "low, medium, high"
  std::string help;
  std::string limitedBy;  ///< why the value in force is lower than asked for, or empty
};

struct AgentStatus {
  std::string id;  ///< log_monitor, root_cause, fix_executor, learning
  std::string name;
  AgentState state = AgentState::Idle;
  std::string task;  ///< what it is doing now, in words
  uint64_t queued = 0;
  uint32_t restarts = 0;          ///< by itself, after a failure
  uint32_t operatorRestarts = 0;  ///< asked for by a person
  bool enabled = true;
  uint64_t handled = 0;     ///< tasks since the start
  std::string lastProblem;  ///< the newest failure, or empty
  std::optional<base::TimePoint> lastProblemAt;
  std::vector<AgentSetting> settings;
};

/// What a person chose for an agent; kept over restarts.
struct AgentChoice {
  std::string id;
  bool enabled = true;
  std::map<std::string, std::string> settings;  ///< as asked for, by key
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
  std::vector<std::string> learnt;     ///< those of them that nobody said: logs or a configuration show it
};

/// What the kernel holds every step to, for display. Empty lists: not known.
struct ExecutionLimits {
  std::vector<std::string> writableRoots;
  std::vector<std::string> forbiddenPaths;
  std::chrono::milliseconds maxExecutionTime{0};
};

/// What of the past is kept, and what was let go.
struct RetentionStatus {
  uint32_t maxAgeDays = 0;
  uint64_t maxBytes = 0;
  uint64_t usedBytes = 0;  ///< of the database
  uint64_t fileBytes = 0;  ///< that its files take
  std::optional<base::TimePoint> oldest;
  std::optional<base::TimePoint> lastRun;
  uint64_t removed = 0;  ///< rows, since the start
  std::string problem;   ///< why the limits are not kept, or empty
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
  uint64_t activeSilences = 0;     ///< in force now
  uint64_t activeMaintenance = 0;  ///< windows that are open now
  uint64_t pendingFixes = 0;
  uint64_t outcomes = 0;
  uint64_t worked = 0;
  uint64_t patternsLoaded = 0;
  RetentionStatus retention;
};

void to_json(nlohmann::json& json, const RetentionStatus& value);
void from_json(const nlohmann::json& json, RetentionStatus& value);

void to_json(nlohmann::json& json, const SourceStatus& value);
void from_json(const nlohmann::json& json, SourceStatus& value);
void to_json(nlohmann::json& json, const ExecutionLimits& value);
void from_json(const nlohmann::json& json, ExecutionLimits& value);
void to_json(nlohmann::json& json, const ServiceStatus& value);
void from_json(const nlohmann::json& json, ServiceStatus& value);
void to_json(nlohmann::json& json, const AgentChoice& value);
void from_json(const nlohmann::json& json, AgentChoice& value);
void to_json(nlohmann::json& json, const AgentSetting& value);
void from_json(const nlohmann::json& json, AgentSetting& value);
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
