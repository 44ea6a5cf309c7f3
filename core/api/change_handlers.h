// Routes about what was changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void changes(service::Operations& operations, const RequestContext& request, Responder respond);
void baselines(service::Operations& operations, const RequestContext& request, Responder respond);
void setBaseline(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
