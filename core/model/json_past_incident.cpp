// The JSON mapping of remembered incidents.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json.h"
#include "model/past_incident.h"

namespace aiops::model {

AIOPS_DEFINE_ENUM_JSON(CauseBasis, CauseBasis::Person)
AIOPS_DEFINE_JSON(IncidentTerms, services, signals, places, words)
AIOPS_DEFINE_JSON(TriedFix, playbook, result)
AIOPS_DEFINE_JSON(PastIncident, incident, number, title, startedAt, endedAt, service, kind, basis, by, fix,
                  result, terms, tried, wrongService, wrongKind)

}  // namespace aiops::model
