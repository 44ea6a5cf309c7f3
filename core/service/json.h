// JSON mapping of the values that only Operations uses. Shapes of the HTTP API.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "service/operations.h"

namespace aiops::service {

void to_json(nlohmann::json& json, const TimelineLane& value);
void to_json(nlohmann::json& json, const Timeline& value);
void to_json(nlohmann::json& json, const Investigation& value);
void to_json(nlohmann::json& json, const InvestigationSummary& value);

}  // namespace aiops::service
