// A unit of a service manager (systemd, docker, a supervisor's commands): what it is like, and what a step
// does with it. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace aiops::model {

/// As its manager tells it.
struct UnitState {
  std::string unit;  ///< its primary name
  bool active = false;
  std::string state;       ///< the manager's own word: "active", "failed", "exited"
  std::string invocation;  ///< another one after each start; empty when the manager gives none
  int64_t mainPid = 0;
  uint64_t restarts = 0;   ///< made by the manager itself
  uint64_t changedAt = 0;  ///< systemd: microseconds since boot of the last change; else 0
  std::string note;        ///< why it is not active: "start-limit-hit", "exit-code"

  bool operator==(const UnitState&) const = default;
};

/// One verb on one unit. The argument vectors are empty for systemd, which is asked over D-Bus.
struct ServiceAction {
  std::string manager;  ///< "systemd", "docker" or "commands"
  std::string unit;
  std::string verb;            ///< start, stop, restart or reload
  std::string undoVerb;        ///< brings back the state from before; start and stop do nothing when it is so
  bool wasActive = false;      ///< as seen at planning; another state at execution makes the plan stale
  bool reloadManager = false;  ///< systemd reads its unit files again first
  std::vector<std::string> argv;
  std::vector<std::string> undoArgv;
  std::vector<std::string> stateArgv;     ///< read-only
  std::vector<std::string> identityArgv;  ///< read-only; its first line names the running instance
  std::vector<std::string> writablePaths;
  std::chrono::milliseconds timeout{90000};
  std::chrono::milliseconds stability{30000};  ///< it must stay as wanted that long

  bool operator==(const ServiceAction&) const = default;
};

void to_json(nlohmann::json& json, const UnitState& value);
void from_json(const nlohmann::json& json, UnitState& value);
void to_json(nlohmann::json& json, const ServiceAction& value);
void from_json(const nlohmann::json& json, ServiceAction& value);

}  // namespace aiops::model
