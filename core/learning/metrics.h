// The figures that tell whether the program does any good.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/fix.h"
#include "model/incident.h"
#include "model/learning.h"

namespace aiops::learning {

/// Nothing without a case.
std::optional<double> shareOf(uint64_t part, uint64_t whole);

/// Over [from, to): incidents count by their start, their ends and the outcomes by when they came. Of what
/// has no case the figure is absent.
/// * mttrMinutes: mean of first sign to end, over resolved incidents.
/// * automationRate: share of the resolved incidents that have an outcome "worked".
/// * falsePositiveRate: share of the incidents that ended (resolved, or dismissed by a person as false) that
///   were false. One that the program dismissed because its source is gone counts as neither.
/// * successRate: share of the outcomes that worked.
model::Metrics metricsOver(base::TimePoint from, base::TimePoint to,
                           const std::vector<model::Incident>& incidents,
                           const std::vector<model::Outcome>& outcomes);

}  // namespace aiops::learning
