// Routes about patterns.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void patterns(service::Operations& operations, const RequestContext& request, Responder respond);
void pattern(service::Operations& operations, const RequestContext& request, Responder respond);
void savePattern(service::Operations& operations, const RequestContext& request, Responder respond);
void enablePattern(service::Operations& operations, const RequestContext& request, Responder respond);
void removePattern(service::Operations& operations, const RequestContext& request, Responder respond);
void patternTypes(service::Operations& operations, const RequestContext& request, Responder respond);
void previewPattern(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
