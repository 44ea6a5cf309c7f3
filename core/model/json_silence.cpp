// The JSON mapping of silences and maintenance windows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json.h"
#include "model/silence.h"

namespace aiops::model {

AIOPS_DEFINE_JSON(Silence, id, services, patterns, reason, by, from, until, active)
AIOPS_DEFINE_JSON(MaintenanceWindow, id, name, services, days, date, start, durationMinutes, zone, by,
                  createdAt, removedAt, active)

}  // namespace aiops::model
