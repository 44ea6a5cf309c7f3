// The specialists that come with the program.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/peak_specialist.h"
#include "analysis/specialist.h"
#include "knowledge/incident_memory.h"

namespace aiops::analysis {

/// `rates` and `topology` outlive them.
std::vector<std::unique_ptr<Specialist>> builtInSpecialists(PastStarts starts, const RateBook& rates,
                                                            const correlation::Topology& topology);

/// The incidents that memory finds alike. `memory` outlives it.
PastStarts startsOfSimilar(const knowledge::IncidentMemory& memory);

}  // namespace aiops::analysis
