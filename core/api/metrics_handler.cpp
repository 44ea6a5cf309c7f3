// GET /metrics: the state of the engine for Prometheus, in its text format.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "api/handler_tools.h"
#include "api/handlers.h"

namespace aiops::api::handlers {
namespace {

using prometheus::Registry;

/// Names end in the unit; what only grows ends in "_total" and is still a gauge to the library, because the
/// engine owns the count: the value is set, never added to.
void set(Registry& registry, const std::string& name, const std::string& help,
         const prometheus::Labels& labels, double value) {
  prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels).Set(value);
}

template <class Number>
double asDouble(Number value) {
  return static_cast<double>(value);
}

void addSources(Registry& registry, const model::EngineStatus& status) {
  for (const auto& source : status.sources) {
    const prometheus::Labels labels{{"source", source.source}, {"service", source.service}};
    set(registry, "aiops_source_readable", "1 if the log can be read", labels, source.readable ? 1 : 0);
    set(registry, "aiops_source_lines_total", "Lines read since the start", labels, asDouble(source.lines));
    set(registry, "aiops_source_bytes_total", "Bytes read since the start", labels, asDouble(source.bytes));
    set(registry, "aiops_source_dropped_total", "Lines cut or dropped since the start", labels,
        asDouble(source.dropped));
    for (const auto& [reason, count] : source.drops) {
      auto withReason = labels;
      withReason.emplace("reason", reason);
      set(registry, "aiops_source_drops_total", "What was lost since the start, by reason", withReason,
          asDouble(count));
    }
    set(registry, "aiops_source_lag_seconds", "Ingest time minus event time of the newest line", labels,
        std::chrono::duration<double>(source.lag).count());
  }
}

void addAgents(Registry& registry, const model::EngineStatus& status) {
  for (const auto& agent : status.agents) {
    const prometheus::Labels labels{{"agent", agent.id}};
    set(registry, "aiops_agent_up", "1 unless the agent has failed or is disabled", labels,
        agent.state == model::AgentState::Failed || agent.state == model::AgentState::Disabled ? 0 : 1);
    set(registry, "aiops_agent_queue_tasks", "Tasks that wait for the agent", labels, asDouble(agent.queued));
    set(registry, "aiops_agent_restarts_total", "Restarts after a failure", labels, agent.restarts);
  }
}

HttpResponse metricsText(const model::EngineStatus& status) {
  Registry registry;
  set(registry, "aiops_build_info", "1, with the version as a label", {{"version", status.version}}, 1);
  set(registry, "aiops_start_time_seconds", "Start of the engine, seconds since 1970", {},
      std::chrono::duration<double>(status.startedAt.time_since_epoch()).count());
  set(registry, "aiops_incidents_open", "Incidents that have not ended", {}, asDouble(status.openIncidents));
  set(registry, "aiops_fixes_pending", "Fixes that wait for a decision", {}, asDouble(status.pendingFixes));
  set(registry, "aiops_fixes_run_total", "Fixes that ran, since the database was made", {},
      asDouble(status.outcomes));
  set(registry, "aiops_fixes_worked_total", "Fixes that worked, since the database was made", {},
      asDouble(status.worked));
  set(registry, "aiops_patterns_loaded", "Patterns in force", {}, asDouble(status.patternsLoaded));
  set(registry, "aiops_automation_stopped", "1 while the stop control is on", {},
      status.automation.stopped ? 1 : 0);
  set(registry, "aiops_executor_ready", "1 if steps can be run", {}, status.automation.executorReady ? 1 : 0);
  addSources(registry, status);
  addAgents(registry, status);
  HttpResponse response{.body = prometheus::TextSerializer().Serialize(registry.Collect())};
  response.contentType = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace

void metrics(service::Operations& operations, const RequestContext& request, Responder respond) {
  operations.status([respond = std::move(respond), redactor = request.redactor](auto result) {
    respond.later([result = std::move(result), redactor] {
      return result ? metricsText(*result) : refusal(redacted(result.error(), *redactor));
    });
  });
}

}  // namespace aiops::api::handlers
