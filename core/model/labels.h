// The names under which people see incidents and fixes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/incident.h"
#include "model/plan.h"

namespace aiops::model {

inline constexpr const char* kIncidentPrefix = "INC-";
inline constexpr const char* kFixPrefix = "FIX-";

/// "INC-0231": the prefix and at least four digits.
std::string incidentLabel(uint64_t number);
/// "FIX-0087".
std::string fixLabel(uint64_t number);

/// "412 of 1083 requests to web fail (38 %); 3 services report errors", or empty when nothing is known.
std::string impactText(const Impact& impact);

/// What a step does, or its undo, as an argument vector to show; what systemd is asked for is shown as
/// {"systemd", "restart", "web.service"}. Empty for the edit of a file, and where there is no undo.
std::vector<std::string> stepLine(const PlanStep& step, bool undo);

}  // namespace aiops::model
