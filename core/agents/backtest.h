// Patterns over logs of the past: what they would have found, and what another version would have.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/cpu_time.h"
#include "base/result.h"
#include "detection/lint.h"
#include "detection/pattern.h"
#include "model/event.h"
#include "model/pattern.h"

namespace aiops::agents {

struct BacktestRequest {
  std::shared_ptr<const detection::PatternSet> patterns;
  std::shared_ptr<const detection::PatternSet> against;  ///< or none
  std::vector<std::filesystem::path> paths;              ///< files, compressed ones too, or directories
  std::function<void(const model::PatternHit&)> onHit;   ///< or none: each record that a pattern selects
  base::CpuClock cpuTime = base::threadCpuTime;
};

struct BacktestPattern {
  std::string id;
  uint64_t matches = 0;
  uint64_t events = 0;
  std::map<std::string, uint64_t> services;  ///< events by service
  double microsecondsPerLine = 0;            ///< over all lines
};

struct BacktestReport {
  uint64_t files = 0;
  uint64_t lines = 0;
  uint64_t records = 0;
  uint64_t bytes = 0;
  base::TimePoint from;  ///< event time of the earliest and the latest record
  base::TimePoint to;
  double microsecondsPerLine = 0;  ///< of all patterns together, the search included
  std::vector<BacktestPattern> patterns;
  std::vector<model::Event> events;
  std::vector<model::Event> onlyNew;  ///< not found by `against`
  std::vector<model::Event> onlyOld;  ///< found by `against` alone
  std::vector<detection::LintFinding> lint;
  std::vector<std::string> problems;  ///< files that could not be read to their end
};

/// Runs the live engine's detector over the records in order of event time. NotFound or PermissionDenied
/// names the file.
base::Result<BacktestReport> backtest(const BacktestRequest& request);

}  // namespace aiops::agents
