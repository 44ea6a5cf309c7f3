// Agents, and what was learnt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/handler_tools.h"
#include "api/handlers.h"
#include "model/json.h"

namespace aiops::api::handlers {
namespace {

using service::Operations;

constexpr size_t kLongestValue = 256;
constexpr uint32_t kMostDays = 365;

/// The text of a setting in its natural JSON type.
json typed(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  if (const auto number = numberIn<int64_t>(text, INT64_MIN, INT64_MAX)) return *number;
  return text;
}

/// The status with `values` beside it: the settings in force by key, and `limited_by`: why one is lower than
/// asked for.
json agentJson(const model::AgentStatus& agent) {
  json out = agent;
  json values = json::object(), limited = json::object();
  for (const auto& setting : agent.settings) {
    values[setting.key] = typed(setting.value);
    if (!setting.limitedBy.empty()) limited[setting.key] = setting.limitedBy;
  }
  out["values"] = std::move(values);
  out["limited_by"] = std::move(limited);
  return out;
}

json agentsJson(const std::vector<model::AgentStatus>& agents) {
  json items = json::array();
  for (const auto& agent : agents) items.push_back(agentJson(agent));
  return {{"agents", std::move(items)}, {"total", agents.size()}};
}

std::expected<std::map<std::string, std::string>, HttpResponse> settingsOf(const json& body) {
  constexpr std::string_view kHint = "send {\"SETTING\":VALUE,...} with texts, numbers, true or false";
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : body.items()) {
    const bool plain = value.is_string() || value.is_boolean() || value.is_number_integer();
    auto text = value.is_string() ? value.get<std::string>() : plain ? value.dump() : std::string();
    if (!plain || text.size() > kLongestValue) {
      return std::unexpected(
          refusal(422, "invalid_input", "\"" + key + "\" is no text, whole number, true or false", kHint));
    }
    values.emplace(key, std::move(text));
  }
  if (values.empty()) return std::unexpected(badRequest("the body names no setting", kHint));
  return values;
}

}  // namespace

void agents(Operations& operations, const RequestContext& request, Responder respond) {
  operations.agents().listAgents(
      answerWith<std::vector<model::AgentStatus>>(request, std::move(respond), agentsJson));
}

void enableAgent(Operations& operations, const RequestContext& request, Responder respond) {
  bool enabled = true;
  for (const auto& [key, value] : request.body.items()) {
    if (key != "enabled" || !value.is_boolean()) {
      return respond.send(refusal(422, "invalid_input", "the body has one member, \"enabled\": true or false",
                                  "send {\"enabled\":true}, or no body, which means the same"));
    }
    enabled = value.get<bool>();
  }
  operations.agents().enableAgent(request.caller, request.id, enabled,
                                  answerWith<model::AgentStatus>(request, std::move(respond), agentJson));
}

void configureAgent(Operations& operations, const RequestContext& request, Responder respond) {
  auto values = settingsOf(request.body);
  if (!values) return respond.send(values.error());
  operations.agents().configureAgent(request.caller, request.id, *std::move(values),
                                     answerWith<model::AgentStatus>(request, std::move(respond), agentJson));
}

void restartAgent(Operations& operations, const RequestContext& request, Responder respond) {
  if (!request.body.empty()) return respond.send(badRequest("a restart takes no members in the body"));
  operations.agents().restartAgent(request.caller, request.id,
                                   answerWith<model::AgentStatus>(request, std::move(respond), agentJson));
}

void insights(Operations& operations, const RequestContext& request, Responder respond) {
  operations.learning().insights(answerWith<std::vector<model::Insight>>(
      request, std::move(respond),
      [](const auto& all) { return json{{"items", all}, {"total", all.size()}}; }));
}

void calibration(Operations& operations, const RequestContext& request, Responder respond) {
  operations.learning().calibration(answerWith<model::CalibrationReport>(
      request, std::move(respond), [](const model::CalibrationReport& report) { return json(report); }));
}

void analytics(Operations& operations, const RequestContext& request, Responder respond) {
  uint32_t days = 30;
  if (const auto found = request.query.find("days"); found != request.query.end()) {
    const auto number = numberIn<uint32_t>(found->second, 1, kMostDays);
    if (!number) return respond.send(badRequest("days must be a number from 1 to 365"));
    days = *number;
  }
  operations.learning().metrics(
      days, answerWith<model::Metrics>(request, std::move(respond), [](const model::Metrics& metrics) {
        json out = metrics;
        out["mttr"] = out["mttrMinutes"];  // minutes, null without data
        return out;
      }));
}

}  // namespace aiops::api::handlers
