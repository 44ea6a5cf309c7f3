// What the outcomes so far say.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/fix.h"

namespace aiops::model {

/// One thing that follows from outcomes, with what it stands on.
struct Insight {
  std::string id;       ///< stable over restarts
  std::string kind;     ///< "trust", "repeat" or "coverage"
  std::string subject;  ///< playbook, or service and cause
  std::string statement;
  std::string suggestion;  ///< what a person could do, or empty
  uint32_t cases = 0;      ///< how many outcomes or incidents it stands on
  std::optional<Trust> trust;
  base::TimePoint at;  ///< of the newest case
};

/// Figures over a span of time. Without cases they are absent, never 0.
struct Metrics {
  base::TimePoint from;
  base::TimePoint to;
  uint64_t incidents = 0;
  uint64_t resolved = 0;
  uint64_t dismissed = 0;
  uint64_t fixesRun = 0;
  uint64_t fixesWorked = 0;
  uint64_t fixesUndone = 0;
  std::optional<double> mttrMinutes;        ///< mean of first sign to validated end
  std::optional<double> automationRate;     ///< share of resolved incidents that a fix resolved
  std::optional<double> falsePositiveRate;  ///< share of ended incidents that were dismissed
  std::optional<double> successRate;        ///< share of run fixes that worked
  /// By day, oldest first: one entry for each day of the span.
  struct Day {
    base::TimePoint day;
    uint32_t incidents = 0;
    uint32_t worked = 0;
    uint32_t undone = 0;
    std::optional<double> mttrMinutes;
  };
  std::vector<Day> days;
};

void to_json(nlohmann::json& json, const Insight& value);
void from_json(const nlohmann::json& json, Insight& value);
void to_json(nlohmann::json& json, const Metrics::Day& value);
void from_json(const nlohmann::json& json, Metrics::Day& value);
void to_json(nlohmann::json& json, const Metrics& value);
void from_json(const nlohmann::json& json, Metrics& value);

}  // namespace aiops::model
