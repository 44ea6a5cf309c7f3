// The names under which people see incidents and fixes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace aiops::model {

inline constexpr const char* kIncidentPrefix = "INC-";
inline constexpr const char* kFixPrefix = "FIX-";

/// "INC-0231": the prefix and at least four digits.
std::string incidentLabel(uint64_t number);
/// "FIX-0087".
std::string fixLabel(uint64_t number);

}  // namespace aiops::model
