// What an operator wants no incident of for a while, and windows of maintenance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"

namespace aiops::model {

/// Of events of these services and of these patterns; an empty list is any, and one of the two is not empty.
struct Silence {
  std::string id;
  std::vector<std::string> services;
  std::vector<std::string> patterns;  ///< ids
  std::string reason;
  std::string by;
  base::TimePoint from;
  base::TimePoint until;  ///< not part of it
  bool active = false;    ///< when it was asked for
};

/// A time that comes again on some days of the week, or once, by the clocks of a region.
struct MaintenanceWindow {
  std::string id;
  std::string name;
  std::vector<std::string> services;  ///< empty: all
  std::vector<std::string> days;      ///< "mon" to "sun", on which it starts; empty when it has a date
  std::string date;                   ///< "2026-03-29": once; empty when it has days
  std::string start;                  ///< "02:30" by the clocks there
  uint32_t durationMinutes = 0;       ///< that pass, whatever the clocks do
  std::string zone;                   ///< "Europe/Paris" or "UTC"
  std::string by;
  base::TimePoint createdAt;  ///< not in force before
  std::optional<base::TimePoint> removedAt;
  bool active = false;  ///< when it was asked for
};

void to_json(nlohmann::json& json, const Silence& value);
void from_json(const nlohmann::json& json, Silence& value);
void to_json(nlohmann::json& json, const MaintenanceWindow& value);
void from_json(const nlohmann::json& json, MaintenanceWindow& value);

}  // namespace aiops::model
