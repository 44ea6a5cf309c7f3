// What is to be remembered of an incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "model/calibration.h"
#include "model/past_incident.h"
#include "storage/store.h"

namespace aiops::agents {

/// Whether an incident that stands so is remembered: it ended, and something was wrong.
bool isRemembered(const model::Incident& incident);

/// All that the store knows of an ended incident, as a memory. Its cause is what a person stated; else what a
/// fix that worked was for; else what the analysts found, when that was at least likely.
base::Result<model::PastIncident> pastIncident(storage::Store& store, const model::Incident& incident);

/// The last diagnosis of an incident beside what turned out; none while nobody but the analysts knows the
/// cause, while it is open, and for one that became part of another.
base::Result<std::optional<model::JudgedDiagnosis>> judgedDiagnosis(storage::Store& store,
                                                                    const model::Incident& incident);

}  // namespace aiops::agents
