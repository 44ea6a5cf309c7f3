// POST /fixes/{id}/dry-run: {"ok", "checks": [{"what", "ok", "detail"}]}. Nothing is changed by it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/handlers.h"
#include "api/json_edge.h"
#include "model/dry_run.h"
#include "model/json.h"

namespace aiops::api::handlers {

void dryRunFix(service::Operations& operations, const RequestContext& request, Responder respond) {
  if (!request.body.empty()) {
    return respond.send(refusal(400, "bad_request", "a dry run takes no members in the body"));
  }
  operations.dryRunFix(request.id, [respond = std::move(respond),
                                    redactor = request.redactor](base::Result<model::DryRun> result) {
    respond.later([result = std::move(result), redactor] {
      if (!result) {
        base::Error error = result.error();
        error.what = redactor->redact(error.what);
        error.where = redactor->redact(error.where);
        return refusal(error);
      }
      nlohmann::json answer = *result;
      redactTexts(answer, *redactor);
      return jsonResponse(snakeKeys(std::move(answer)));
    });
  });
}

}  // namespace aiops::api::handlers
