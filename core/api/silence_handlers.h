// Routes about silences and maintenance windows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void silences(service::Operations& operations, const RequestContext& request, Responder respond);
void addSilence(service::Operations& operations, const RequestContext& request, Responder respond);
void removeSilence(service::Operations& operations, const RequestContext& request, Responder respond);
void maintenance(service::Operations& operations, const RequestContext& request, Responder respond);
void addMaintenance(service::Operations& operations, const RequestContext& request, Responder respond);
void removeMaintenance(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
