// When a silence or a maintenance window is in force, and what it holds back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "model/event.h"
#include "model/silence.h"

namespace aiops::correlation {

/// InvalidInput, with what is allowed, for a silence that can't be as it is. Names are not looked up.
base::Result<> check(const model::Silence& silence, base::TimePoint now);
base::Result<> check(const model::MaintenanceWindow& window);

bool inForce(const model::Silence& silence, base::TimePoint at);
/// Where clocks are put back the first of two starts counts; where they are put forward over the start, it
/// starts as much later. It lasts for its minutes either way.
bool inForce(const model::MaintenanceWindow& window, base::TimePoint at);

/// The event's last sign falls into it: what is seen after its end counts, though it began before.
bool holds(const model::Silence& silence, const model::Event& event);
bool holds(const model::MaintenanceWindow& window, const model::Event& event);
/// All that comes of the service at that time, whatever its pattern.
bool holdsAllOf(const model::Silence& silence, const std::string& service, base::TimePoint at);
bool holdsAllOf(const model::MaintenanceWindow& window, const std::string& service, base::TimePoint at);

}  // namespace aiops::correlation
