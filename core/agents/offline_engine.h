// The whole engine over log files: what happened, why, and what could be done. Nothing is stored or changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/resource_paths.h"
#include "base/result.h"
#include "detection/pattern.h"
#include "knowledge/signatures.h"
#include "model/incident.h"
#include "remediation/playbook.h"

namespace aiops::agents {

struct OfflineRequest {
  std::vector<std::filesystem::path> paths;  ///< files, or directories of *.log files
  std::filesystem::path topology;            ///< see correlation/topology_file.h; empty: not known
  std::map<std::string, std::string> zones;  ///< service -> zone of its stamps that carry none
};

/// What the engine goes by. Loaded once for any number of runs: its expressions are prepared by the first.
struct OfflineKnowledge {
  std::shared_ptr<const detection::PatternSet> patterns;
  std::vector<knowledge::Signature> signatures;
  remediation::PlaybookSet playbooks;
  std::vector<std::string> problems;  ///< one line each: documents that are left out, and why
};

/// Blocks. What can't be read is left out and said in `problems`.
OfflineKnowledge loadOfflineKnowledge(const ResourcePaths& resources);

/// A playbook that cures one of the likeliest causes. There is no inventory offline, so it can't be bound to
/// exact commands: it is matched by the kind of cause alone, and its risk is the playbook's base risk.
struct OfferedFix {
  std::string playbook;
  std::string kind;
  model::Risk risk = model::Risk::High;
  std::string target;
};

struct OfflineIncident {
  model::Incident incident;  ///< the id is derived from content; endedAt is empty while it went on at the end
  model::Diagnosis diagnosis;
  std::vector<OfferedFix> fixes;
};

struct OfflineReport {
  std::vector<OfflineIncident> incidents;  ///< by begin
  uint64_t lines = 0;
  uint64_t bytes = 0;
  size_t files = 0;
  std::vector<std::string> problems;  ///< one line each: what was left out, and why
};

/// Blocks. The same parsing, detection, correlation and analysis as live, fed from the files in the order of
/// event time through a clock that follows it. The same input gives the same report, in whatever order the
/// paths are named. Fails when a path, the topology or a zone can't be read.
base::Result<OfflineReport> analyseOffline(const OfflineRequest& request, const OfflineKnowledge& known);

}  // namespace aiops::agents
