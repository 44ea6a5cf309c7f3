// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/change_handlers.h"

#include "api/handler_tools.h"
#include "model/json.h"

namespace aiops::api::handlers {
namespace {

constexpr uint32_t kMost = 500;
constexpr size_t kLongestPath = 4096;
constexpr std::string_view kBaselineHint = "send {\"path\":\"/etc/web.conf\"}";

template <class T>
service::Reply<std::vector<T>> answerList(const RequestContext& request, Responder respond) {
  return answerWith<std::vector<T>>(request, std::move(respond), [](const std::vector<T>& all) {
    return json{{"items", all}, {"total", all.size()}};
  });
}

std::expected<service::ChangeFilter, HttpResponse> filterOf(const RequestContext& request) {
  service::ChangeFilter filter;
  for (const auto& [name, text] : request.query) {
    if (name == "service") {
      filter.service = text;
    } else if (name == "since") {
      const auto since = base::fromIso8601(text);
      if (!since)
        return std::unexpected(badRequest("since must be a time in UTC such as 2026-03-29T12:00:00Z"));
      filter.since = *since;
    } else {
      const auto limit = numberIn<uint32_t>(text, 1, kMost);
      if (!limit) return std::unexpected(badRequest("limit must be a number from 1 to 500"));
      filter.limit = *limit;
    }
  }
  return filter;
}

}  // namespace

void changes(service::Operations& operations, const RequestContext& request, Responder respond) {
  auto filter = filterOf(request);
  if (!filter) return respond.send(filter.error());
  operations.changes().listChanges(*std::move(filter),
                                   answerList<model::Change>(request, std::move(respond)));
}

void baselines(service::Operations& operations, const RequestContext& request, Responder respond) {
  operations.changes().listBaselines(answerList<model::Baseline>(request, std::move(respond)));
}

void setBaseline(service::Operations& operations, const RequestContext& request, Responder respond) {
  auto path = textMember(request, "path", kLongestPath, true, kBaselineHint);
  if (!path) return respond.send(path.error());
  operations.changes().setBaseline(request.caller, *std::move(path),
                                   answerPlain<model::Baseline>(request, std::move(respond)));
}

}  // namespace aiops::api::handlers
