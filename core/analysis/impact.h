// How badly an incident hurts those who use the services.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/analyst.h"

namespace aiops::analysis {

/// From the counts of the case, up to `until`.
model::Impact impactOf(const CaseFile& file, base::TimePoint until);

/// What the impact alone makes of an incident. Critical: a quarter of a service's requests fails, of twenty
/// at least; or, where no requests are known, three services fail. Error: one in a hundred fails. Else
/// warning. An incident is as severe as this or as what its lines say, whichever is worse: a full disk is
/// critical before the first request fails.
model::Severity severityOf(const model::Impact& impact);

}  // namespace aiops::analysis
