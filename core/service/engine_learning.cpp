// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_learning.h"

#include <algorithm>

#include "agents/engine.h"
#include "learning/insights.h"
#include "learning/metrics.h"
#include "service/engine_answer.h"

namespace aiops::service {
namespace {

using base::Result;

constexpr uint32_t kPageSize = 500;
constexpr uint32_t kMostDays = 365;
constexpr std::chrono::days kInsightSpan{90};

/// All items of a paged list, newest first, while `wanted` holds.
template <class T, class Ask, class Wanted>
Result<std::vector<T>> allOf(const Ask& ask, const Wanted& wanted) {
  std::vector<T> out;
  storage::PageQuery query{.limit = kPageSize};
  while (true) {
    auto page = ask(query);
    if (!page) return std::unexpected(page.error());
    for (auto& item : page->items) {
      if (wanted(item)) out.push_back(std::move(item));
    }
    const bool further = page->next && !page->items.empty();
    if (!further) return out;
    query.before = page->next;
  }
}

Result<std::vector<model::Incident>> incidentsSince(agents::Engine& engine, base::TimePoint since) {
  return allOf<model::Incident>(
      [&](const storage::PageQuery& query) { return engine.store().incidents(query); },
      [&](const model::Incident& incident) {
        return incident.startedAt >= since || incident.endedAt.value_or(incident.startedAt) >= since;
      });
}

Result<std::vector<model::Outcome>> outcomesSince(agents::Engine& engine, base::TimePoint since) {
  return allOf<model::Outcome>(
      [&](const storage::PageQuery& query) { return engine.store().outcomes(query); },
      [&](const model::Outcome& outcome) { return outcome.at >= since; });
}

Result<model::Metrics> metricsOf(agents::Engine& engine, uint32_t days) {
  const auto to = engine.clock().now();
  const auto from = std::chrono::floor<std::chrono::days>(to) - std::chrono::days(days - 1);
  const auto incidents = incidentsSince(engine, from);
  if (!incidents) return std::unexpected(incidents.error());
  // An incident resolved now may have an outcome of before: all of them are looked at.
  const auto outcomes = outcomesSince(engine, {});
  if (!outcomes) return std::unexpected(outcomes.error());
  return learning::metricsOver(from, to + std::chrono::seconds(1), *incidents, *outcomes);
}

Result<std::vector<model::Insight>> insightsOf(agents::Engine& engine) {
  const auto since = engine.clock().now() - kInsightSpan;
  const auto outcomes = outcomesSince(engine, {});
  if (!outcomes) return std::unexpected(outcomes.error());
  const auto incidents = incidentsSince(engine, since);
  if (!incidents) return std::unexpected(incidents.error());
  std::vector<learning::EndedIncident> ended;
  for (const auto& incident : *incidents) {
    if (!model::isClosed(incident.state)) continue;
    const auto diagnosis = engine.store().diagnosis(incident.id);
    const bool judged = diagnosis && !diagnosis->hypotheses.empty();
    ended.push_back({incident, judged ? diagnosis->hypotheses.front().kind : std::string()});
  }
  return learning::insightsFrom(*outcomes, ended);
}

}  // namespace

void EngineLearning::insights(Reply<std::vector<model::Insight>> reply) {
  answerOn(m_worker, std::move(reply), [this] { return insightsOf(m_engine); });
}

void EngineLearning::metrics(uint32_t days, Reply<model::Metrics> reply) {
  answerOn(m_worker, std::move(reply),
           [this, days = std::clamp(days, 1u, kMostDays)] { return metricsOf(m_engine, days); });
}

void EngineLearning::calibration(Reply<model::CalibrationReport> reply) {
  answerOn(m_worker, std::move(reply),
           [this]() -> Result<model::CalibrationReport> { return m_engine.calibration().report(); });
}

}  // namespace aiops::service
