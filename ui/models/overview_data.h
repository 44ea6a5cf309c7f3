// What the overview shows, worked out from the snapshots of the engine. Pure functions: tested without a
// window. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/engine_bridge.h"

namespace aiops::ui {

/// One row of "Needs you": a decision, or a fault of ours. Strings are as they came: show them through
/// safe().
struct Need {
  enum class Kind { Decision, Fault };
  Kind kind = Kind::Decision;
  std::string id;  ///< of the fix, or of the fault
  model::Severity severity = model::Severity::Error;
  std::string title;
  std::string sentence;
  std::string remedy;
  uint64_t incidentNumber = 0;
  model::Verdict verdict = model::Verdict::Unverified;
  double confidence = 0;
  model::Risk risk = model::Risk::High;
  bool irreversible = false;
  base::TimePoint expiresAt;
};
/// Decisions by time left, then faults (unreadable sources, then health events of the last ten minutes).
std::vector<Need> needsOf(const EngineBridge& bridge, base::TimePoint now);

enum class ServiceHealth : uint8_t { Healthy, NoLogs, Degraded, Failing, RootCause };
struct ServiceNode {
  std::string name;
  ServiceHealth health = ServiceHealth::Healthy;
  std::vector<size_t> dependsOn;  ///< places in the same vector
  std::set<size_t> learnt;        ///< those of them that only logs show
  int layer = 0;                  ///< 0: nobody depends on it
};
/// Every service that the engine knows of. `open` is the newest open incident, or nullptr.
std::vector<ServiceNode> serviceMap(const model::EngineStatus& status, const service::Investigation* open);

/// Numbers of the tiles. No value means too few cases to say.
struct Figures {
  uint64_t open = 0, lastWeek = 0;
  std::vector<double> perDay;                        ///< incidents, oldest first, 7 days
  std::optional<std::chrono::milliseconds> recover;  ///< median of what worked; needs 3
  std::vector<double> recoverTimes;                  ///< seconds, oldest first
  uint64_t worked = 0, tried = 0;
};
Figures figuresOf(const EngineBridge& bridge, base::TimePoint now);

/// Warning, error and critical incidents of each of the last 24 hours, oldest first.
std::vector<std::array<uint32_t, 3>> incidentsPerHour(const EngineBridge::Summaries& incidents,
                                                      base::TimePoint now);

/// What happened of late, newest first: incidents opened, fixes decided, what came of them.
struct Happening {
  enum class Kind { Opened, Approved, Rejected, Worked, Undone, Failed, Stopped, Resumed };
  Kind kind = Kind::Opened;
  base::TimePoint at;
  std::string title;  ///< of the fix or incident
  std::string detail;
  std::string target;  ///< id to open: a fix or an incident
  bool isFix = false;
  uint64_t number = 0;
};
std::vector<Happening> recently(const EngineBridge& bridge, size_t limit);

}  // namespace aiops::ui
