// The identifiers of the values that travel.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/id.h"

namespace aiops::model {

using EventId = base::Id<struct EventTag>;
using IncidentId = base::Id<struct IncidentTag>;
using FixId = base::Id<struct FixTag>;
using OutcomeId = base::Id<struct OutcomeTag>;

}  // namespace aiops::model
