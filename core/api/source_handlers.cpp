// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/source_handlers.h"

#include "api/handler_tools.h"
#include "model/json.h"

namespace aiops::api::handlers {
namespace {

using service::Operations;

constexpr size_t kLongestPath = 4096;
constexpr size_t kLongestName = 64;
constexpr std::string_view kAddHint = "send {\"path\":\"/var/log/app.log\"} and perhaps \"service\"";
constexpr std::string_view kRemoveHint = "send {\"path\":\"...\"} with the path that was added";

json listOf(json items) {
  const auto total = items.size();
  return {{"items", std::move(items)}, {"total", total}};
}

}  // namespace

void sources(Operations& operations, const RequestContext& request, Responder respond) {
  operations.status(answerWith<model::EngineStatus>(
      request, std::move(respond), [](const auto& status) { return listOf(json(status.sources)); }));
}

void addSource(Operations& operations, const RequestContext& request, Responder respond) {
  auto path = textMember(request, "path", kLongestPath, true, kAddHint, "service");
  if (!path) return respond.send(path.error());
  auto name = textMember(request, "service", kLongestName, false, kAddHint, "path");
  if (!name) return respond.send(name.error());
  operations.sources().addSources(
      request.caller, {model::SourceChoice{*std::move(path), *std::move(name)}},
      answerWith<std::vector<model::SourceStatus>>(request, std::move(respond),
                                                   [](const auto& all) { return listOf(json(all)); }));
}

void removeSource(Operations& operations, const RequestContext& request, Responder respond) {
  auto path = textMember(request, "path", kLongestPath, true, kRemoveHint);
  if (!path) return respond.send(path.error());
  operations.sources().removeSource(
      request.caller, *std::move(path),
      answerWith<std::string>(request, std::move(respond),
                              [](const auto& removed) { return json{{"removed", removed}}; }));
}

void discoverSources(Operations& operations, const RequestContext& request, Responder respond) {
  operations.sources().discoverLogs(answerWith<std::vector<model::FoundLog>>(
      request, std::move(respond), [](const auto& logs) { return listOf(json(logs)); }));
}

}  // namespace aiops::api::handlers
