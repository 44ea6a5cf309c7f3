// What would happen if a fix ran now: everything but the effects.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace aiops::model {

struct DryRunCheck {
  std::string what;
  bool ok = false;
  std::string detail;  ///< what was found; foreign text
};

struct DryRun {
  std::vector<DryRunCheck> checks;

  bool ok() const { return !checks.empty() && std::ranges::all_of(checks, &DryRunCheck::ok); }
};

void to_json(nlohmann::json& json, const DryRunCheck& value);
void from_json(const nlohmann::json& json, DryRunCheck& value);
void to_json(nlohmann::json& json, const DryRun& value);
void from_json(const nlohmann::json& json, DryRun& value);

}  // namespace aiops::model
