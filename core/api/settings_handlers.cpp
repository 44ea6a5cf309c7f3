// The settings over HTTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/handler_tools.h"
#include "api/handlers.h"
#include "model/json.h"
#include "model/setting.h"

namespace aiops::api::handlers {

using service::Operations;

void settings(Operations& operations, const RequestContext& request, Responder respond) {
  operations.settings().listSettings(answerWith<std::vector<model::SettingInfo>>(
      request, std::move(respond),
      [](const auto& all) { return json{{"items", all}, {"total", all.size()}}; }));
}

void changeSetting(Operations& operations, const RequestContext& request, Responder respond) {
  const auto value = request.body.find("value");
  const bool fits = value != request.body.end() && request.body.size() == 1 &&
                    (value->is_null() || value->is_string() || value->is_boolean() || value->is_number());
  if (!fits) {
    return respond.send(badRequest("the new value is missing or of no use",
                                   "send {\"value\":\"...\"}, or {\"value\":null} for what the files say"));
  }
  std::optional<std::string> text;
  if (value->is_string()) text = value->get<std::string>();
  if (value->is_boolean() || value->is_number()) text = value->dump();
  operations.settings().changeSetting(request.caller, request.id, std::move(text),
                                      answerPlain<model::SettingInfo>(request, std::move(respond)));
}

}  // namespace aiops::api::handlers
