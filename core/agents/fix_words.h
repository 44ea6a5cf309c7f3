// What is said of a fix and its state.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "model/fix.h"
#include "model/incident.h"

namespace aiops::agents {

/// True from the first step until the run has ended.
bool isRunning(model::FixState state);
/// A line of the timeline; `detail` may be empty.
std::string textOf(model::FixState state, const std::string& detail);
/// Where a fix in this state puts its incident; nothing where it leaves it.
std::optional<model::IncidentState> incidentStateFor(model::FixState state);

}  // namespace aiops::agents
