// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/incident_handlers.h"

#include "api/handler_tools.h"
#include "model/json.h"

namespace aiops::api::handlers {
namespace {

using service::Operations;

constexpr size_t kLongestName = 256;
constexpr std::string_view kCauseHint =
    "send {} to confirm the best hypothesis, or {\"service\":\"...\",\"kind\":\"...\"}";

constexpr size_t kMostNamed = 1000;
constexpr std::string_view kSplitHint = "send {\"services\":[\"...\"]} or {\"events\":[\"...\"]}";

}  // namespace

void stateCause(Operations& operations, const RequestContext& request, Responder respond) {
  auto service = textMember(request, "service", kLongestName, false, kCauseHint, "kind");
  if (!service) return respond.send(service.error());
  auto kind = textMember(request, "kind", kLongestName, false, kCauseHint, "service");
  if (!kind) return respond.send(kind.error());
  operations.stateCause(request.caller, request.id, *std::move(service), *std::move(kind),
                        answerPlain<model::Incident>(request, std::move(respond)));
}

void reopenIncident(Operations& operations, const RequestContext& request, Responder respond) {
  operations.reopenIncident(request.caller, request.id,
                            answerPlain<model::Incident>(request, std::move(respond)));
}

void mergeIncident(Operations& operations, const RequestContext& request, Responder respond) {
  auto into = textMember(request, "into", kLongestName, true, "send {\"into\":\"INC-0231\"}");
  if (!into) return respond.send(into.error());
  operations.mergeIncident(request.caller, request.id, *std::move(into),
                           answerPlain<model::Incident>(request, std::move(respond)));
}

void splitIncident(Operations& operations, const RequestContext& request, Responder respond) {
  auto services = textsMember(request, "services", kMostNamed, kSplitHint, {"events"});
  if (!services) return respond.send(services.error());
  auto events = textsMember(request, "events", kMostNamed, kSplitHint, {"services"});
  if (!events) return respond.send(events.error());
  operations.splitIncident(request.caller, request.id, {*std::move(services), *std::move(events)},
                           answerPlain<model::Incident>(request, std::move(respond)));
}

}  // namespace aiops::api::handlers
