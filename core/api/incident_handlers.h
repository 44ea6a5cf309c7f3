// Routes about the life of an incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void stateCause(service::Operations& operations, const RequestContext& request, Responder respond);
void reopenIncident(service::Operations& operations, const RequestContext& request, Responder respond);
void mergeIncident(service::Operations& operations, const RequestContext& request, Responder respond);
void splitIncident(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
