// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/handlers.h"

#include <algorithm>
#include <charconv>
#include <expected>
#include <limits>

#include "api/handler_tools.h"
#include "model/json.h"
#include "service/json.h"

namespace aiops::api::handlers {

namespace {

using nlohmann::json;
using service::Operations;

constexpr uint32_t kLargestPage = 500;
constexpr uint32_t kUsualLines = 200;
constexpr uint32_t kMostLines = 2000;
constexpr size_t kLongestKeyName = 64;
constexpr size_t kLongestReason = 2000;
constexpr size_t kLongestHash = 128;

template <class T>
json toJson(const T& value) {
  return value;
}

/// One object: the incident's own members, and beside them how it was judged.
json toJson(const service::InvestigationSummary& summary) {
  json result = summary.incident;
  result.update({{"verdict", summary.verdict}, {"confidence", summary.confidence}, {"cause", summary.cause}});
  return result;
}

json toJson(const service::Investigation& whole) {
  json result = whole.incident;
  json rest = whole;
  rest.erase("incident");
  result.update(rest);
  return result;
}

/// {"items","total","next"}: `next` is the `before` of the following page, null when there is none.
template <class T, class Number>
service::Reply<service::Page<T>> answerPage(const RequestContext& request, Responder respond, uint32_t limit,
                                            Number number) {
  return answerWith<service::Page<T>>(request, std::move(respond),
                                      [limit, number](const service::Page<T>& page) {
                                        json items = json::array();
                                        for (const auto& item : page.items) items.push_back(toJson(item));
                                        const bool full = !page.items.empty() && page.items.size() >= limit;
                                        return json{{"items", std::move(items)},
                                                    {"total", page.total},
                                                    {"next", full ? number(page.items.back()) : json()}};
                                      });
}

std::expected<service::PageRequest, HttpResponse> pageOf(const RequestContext& request) {
  service::PageRequest page;
  for (const auto& [name, text] : request.query) {
    if (name == "limit") {
      const auto limit = numberIn<uint32_t>(text, 1, kLargestPage);
      if (!limit) return std::unexpected(badRequest("limit must be a number from 1 to 500"));
      page.limit = *limit;
    } else if (name == "before") {
      page.before = numberIn<uint64_t>(text, 0, std::numeric_limits<uint64_t>::max());
      if (!page.before) return std::unexpected(badRequest("before must be a number"));
    } else {
      if (text != "true" && text != "false") return std::unexpected(badRequest("open must be true or false"));
      page.openOnly = text == "true";
    }
  }
  return page;
}

bool isDegraded(const model::EngineStatus& status) {
  const auto failed = [](const auto& agent) { return agent.state == model::AgentState::Failed; };
  const auto unreadable = [](const auto& source) { return !source.readable; };
  return !status.automation.executorReady || std::ranges::any_of(status.agents, failed) ||
         std::ranges::any_of(status.sources, unreadable);
}

json healthOf(const model::EngineStatus& status) {
  json agents = json::object();
  for (const auto& agent : status.agents) agents[agent.id] = agent.state;
  return {{"status", isDegraded(status) ? "degraded" : "ok"}, {"agents", std::move(agents)}};
}

json statusOf(const model::EngineStatus& status) {
  json result = status;
  result["activeInvestigations"] = status.openIncidents;
  result["learningSessions"] = status.outcomes;  // a lesson is drawn with each outcome
  result["successRate"] =
      status.outcomes ? json(static_cast<double>(status.worked) / static_cast<double>(status.outcomes))
                      : json();
  return result;
}

}  // namespace

void health(Operations& operations, const RequestContext& request, Responder respond) {
  operations.status(answerWith<model::EngineStatus>(request, std::move(respond), healthOf));
}

void status(Operations& operations, const RequestContext& request, Responder respond) {
  operations.status(answerWith<model::EngineStatus>(request, std::move(respond), statusOf));
}

void investigations(Operations& operations, const RequestContext& request, Responder respond) {
  const auto page = pageOf(request);
  if (!page) return respond.send(page.error());
  operations.listInvestigations(*page, answerPage<service::InvestigationSummary>(
                                           request, std::move(respond), page->limit,
                                           [](const auto& item) { return json(item.incident.number); }));
}

void investigation(Operations& operations, const RequestContext& request, Responder respond) {
  operations.investigation(
      request.id, answerWith<service::Investigation>(request, std::move(respond),
                                                     [](const auto& value) { return toJson(value); }));
}

void acknowledgeIncident(Operations& operations, const RequestContext& request, Responder respond) {
  operations.acknowledgeIncident(request.caller, request.id,
                                 answerPlain<model::Incident>(request, std::move(respond)));
}

void dismissIncident(Operations& operations, const RequestContext& request, Responder respond) {
  auto reason = textMember(request, "reason", kLongestReason, true, "send {\"reason\":\"...\"}");
  if (!reason) return respond.send(reason.error());
  operations.dismissIncident(request.caller, request.id, *std::move(reason),
                             answerPlain<model::Incident>(request, std::move(respond)));
}

void fixes(Operations& operations, const RequestContext& request, Responder respond) {
  const auto page = pageOf(request);
  if (!page) return respond.send(page.error());
  operations.listFixes(*page,
                       answerPage<model::FixProposal>(request, std::move(respond), page->limit,
                                                      [](const auto& item) { return json(item.number); }));
}

void fix(Operations& operations, const RequestContext& request, Responder respond) {
  operations.fix(request.id, answerPlain<model::FixProposal>(request, std::move(respond)));
}

void approveFix(Operations& operations, const RequestContext& request, Responder respond) {
  auto hash =
      textMember(request, "plan_hash", kLongestHash, true,
                 "send {\"plan_hash\":\"...\"} with the plan_hash of GET /fixes/{id}: the approval holds for "
                 "exactly that plan");
  if (!hash) return respond.send(hash.error());
  operations.approveFix(request.caller, request.id, *std::move(hash),
                        answerPlain<model::FixProposal>(request, std::move(respond)));
}

void rejectFix(Operations& operations, const RequestContext& request, Responder respond) {
  auto reason = textMember(request, "reason", kLongestReason, true, "send {\"reason\":\"...\"}");
  if (!reason) return respond.send(reason.error());
  operations.rejectFix(request.caller, request.id, *std::move(reason),
                       answerPlain<model::FixProposal>(request, std::move(respond)));
}

void stopAutomation(Operations& operations, const RequestContext& request, Responder respond) {
  auto reason = textMember(request, "reason", kLongestReason, false, "send {} or {\"reason\":\"...\"}");
  if (!reason) return respond.send(reason.error());
  operations.stopAutomation(request.caller, *std::move(reason),
                            answerPlain<model::AutomationState>(request, std::move(respond)));
}

void resumeAutomation(Operations& operations, const RequestContext& request, Responder respond) {
  auto reason = textMember(request, "reason", kLongestReason, false, "send {} or {\"reason\":\"...\"}");
  if (!reason) return respond.send(reason.error());
  operations.resumeAutomation(request.caller, *std::move(reason),
                              answerPlain<model::AutomationState>(request, std::move(respond)));
}

void outcomes(Operations& operations, const RequestContext& request, Responder respond) {
  const auto page = pageOf(request);
  if (!page) return respond.send(page.error());
  operations.listOutcomes(*page, answerPage<model::Outcome>(request, std::move(respond), page->limit,
                                                            [](const auto&) { return json(); }));
}

void trust(Operations& operations, const RequestContext& request, Responder respond) {
  operations.trust(answerWith<std::vector<model::Trust>>(request, std::move(respond), [](const auto& all) {
    return json{{"items", all}, {"total", all.size()}};
  }));
}

void audit(Operations& operations, const RequestContext& request, Responder respond) {
  const auto page = pageOf(request);
  if (!page) return respond.send(page.error());
  operations.listAudit(*page,
                       answerPage<model::AuditEntry>(request, std::move(respond), page->limit,
                                                     [](const auto& item) { return json(item.sequence); }));
}

void logs(Operations& operations, const RequestContext& request, Responder respond) {
  uint64_t from = 0;
  uint32_t limit = kUsualLines;
  for (const auto& [name, text] : request.query) {
    const auto number = numberIn<uint64_t>(text, 0, std::numeric_limits<uint64_t>::max());
    const bool isLimit = name == "limit";
    if (!number || (isLimit && (*number < 1 || *number > kMostLines))) {
      return respond.send(badRequest("from must be a number, and limit one from 1 to 2000"));
    }
    if (isLimit) {
      limit = static_cast<uint32_t>(*number);
    } else {
      from = *number;
    }
  }
  operations.tailLogs(from, limit, answerPlain<model::LogSlice>(request, std::move(respond)));
}

void verifyAudit(Operations& operations, const RequestContext& request, Responder respond) {
  operations.verifyAudit(answerPlain<model::AuditVerification>(request, std::move(respond)));
}

void createApiKey(Operations& operations, const RequestContext& request, Responder respond) {
  const char* shape = "send {\"name\":\"...\",\"scope\":\"read|ingest|operate|approve|admin\"}";
  auto name = textMember(request, "name", kLongestKeyName, true, shape, "scope");
  if (!name) return respond.send(name.error());
  auto scope = textMember(request, "scope", kLongestKeyName, true, shape, "name");
  if (!scope) return respond.send(scope.error());
  // The one answer that holds a secret of ours on purpose: it does not pass the redactor.
  operations.createApiKey(request.caller, *std::move(name), *std::move(scope),
                          [respond = std::move(respond)](base::Result<service::NewKey> made) {
                            respond.later([made = std::move(made)] {
                              if (!made) return refusal(made.error());
                              return jsonResponse({{"id", made->id}, {"key", made->text}});
                            });
                          });
}

}  // namespace aiops::api::handlers
