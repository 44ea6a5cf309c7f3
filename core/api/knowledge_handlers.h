// Routes about the knowledge graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "api/routes.h"

namespace aiops::api::handlers {

void knowledge(service::Operations& operations, const RequestContext& request, Responder respond);
void knowledgeNode(service::Operations& operations, const RequestContext& request, Responder respond);
void addFact(service::Operations& operations, const RequestContext& request, Responder respond);
void correctFact(service::Operations& operations, const RequestContext& request, Responder respond);
void forgetFact(service::Operations& operations, const RequestContext& request, Responder respond);
void restoreFact(service::Operations& operations, const RequestContext& request, Responder respond);
void exportKnowledge(service::Operations& operations, const RequestContext& request, Responder respond);
void importKnowledge(service::Operations& operations, const RequestContext& request, Responder respond);

}  // namespace aiops::api::handlers
