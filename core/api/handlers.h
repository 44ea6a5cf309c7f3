// What the routes do: read the request's values, ask Operations, shape the answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void health(service::Operations& operations, const RequestContext& request, Responder respond);
void status(service::Operations& operations, const RequestContext& request, Responder respond);
void investigations(service::Operations& operations, const RequestContext& request, Responder respond);
void investigation(service::Operations& operations, const RequestContext& request, Responder respond);
void fixes(service::Operations& operations, const RequestContext& request, Responder respond);
void fix(service::Operations& operations, const RequestContext& request, Responder respond);
void approveFix(service::Operations& operations, const RequestContext& request, Responder respond);
void rejectFix(service::Operations& operations, const RequestContext& request, Responder respond);
void dryRunFix(service::Operations& operations, const RequestContext& request, Responder respond);
void stopAutomation(service::Operations& operations, const RequestContext& request, Responder respond);
void resumeAutomation(service::Operations& operations, const RequestContext& request, Responder respond);
void outcomes(service::Operations& operations, const RequestContext& request, Responder respond);
void trust(service::Operations& operations, const RequestContext& request, Responder respond);
void audit(service::Operations& operations, const RequestContext& request, Responder respond);
void logs(service::Operations& operations, const RequestContext& request, Responder respond);
void verifyAudit(service::Operations& operations, const RequestContext& request, Responder respond);
void settings(service::Operations& operations, const RequestContext& request, Responder respond);
void changeSetting(service::Operations& operations, const RequestContext& request, Responder respond);
void acknowledgeIncident(service::Operations& operations, const RequestContext& request, Responder respond);
void dismissIncident(service::Operations& operations, const RequestContext& request, Responder respond);
void agents(service::Operations& operations, const RequestContext& request, Responder respond);
void enableAgent(service::Operations& operations, const RequestContext& request, Responder respond);
void configureAgent(service::Operations& operations, const RequestContext& request, Responder respond);
void restartAgent(service::Operations& operations, const RequestContext& request, Responder respond);
void insights(service::Operations& operations, const RequestContext& request, Responder respond);
void calibration(service::Operations& operations, const RequestContext& request, Responder respond);
void analytics(service::Operations& operations, const RequestContext& request, Responder respond);
void metrics(service::Operations& operations, const RequestContext& request, Responder respond);
void createApiKey(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
