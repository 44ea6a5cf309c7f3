// Routes about log sources.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void sources(service::Operations& operations, const RequestContext& request, Responder respond);
void addSource(service::Operations& operations, const RequestContext& request, Responder respond);
void removeSource(service::Operations& operations, const RequestContext& request, Responder respond);
void discoverSources(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
