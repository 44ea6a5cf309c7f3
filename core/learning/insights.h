// What follows from the outcomes so far, in words and with what it stands on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/fix.h"
#include "model/incident.h"
#include "model/learning.h"

namespace aiops::learning {

/// An ended incident with the kind of its best hypothesis (empty: none was found).
struct EndedIncident {
  model::Incident incident;
  std::string kind;
};

/// In this order, each kind with the most cases first:
/// * "trust": each playbook in each context it ran in, with its posterior.
/// * "repeat": a cause that came back in one service at least twice.
/// * "coverage": a cause that ended without any fix having been run, at least twice.
/// Deterministic; ids are derived from kind and subject.
std::vector<model::Insight> insightsFrom(const std::vector<model::Outcome>& outcomes,
                                         const std::vector<EndedIncident>& ended);

}  // namespace aiops::learning
