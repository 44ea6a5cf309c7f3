// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/metrics.h"

#include <algorithm>
#include <set>

namespace aiops::learning {
namespace {

using model::IncidentState;
using Minutes = std::chrono::duration<double, std::ratio<60>>;

/// A mean that knows when it has no cases.
class Mean {
 public:
  void add(double value) {
    m_sum += value;
    ++m_count;
  }
  std::optional<double> value() const {
    if (m_count == 0) return {};
    return m_sum / static_cast<double>(m_count);
  }

 private:
  double m_sum = 0;
  uint64_t m_count = 0;
};

base::TimePoint dayOf(base::TimePoint time) {
  return std::chrono::floor<std::chrono::days>(time);
}

/// One entry for each day that [from, to) touches.
std::vector<model::Metrics::Day> daysOf(base::TimePoint from, base::TimePoint to) {
  std::vector<model::Metrics::Day> days;
  for (auto day = dayOf(from); day < to; day += std::chrono::days(1)) days.push_back({.day = day});
  return days;
}

class Count {
 public:
  Count(base::TimePoint from, base::TimePoint to)
      : m_out{.from = from, .to = to, .days = daysOf(from, to)}, m_mttrOfDay(m_out.days.size()) {}

  void add(const model::Incident& incident, bool fixedByUs) {
    if (const auto day = dayIndex(incident.startedAt)) {
      ++m_out.incidents;
      ++m_out.days[*day].incidents;
    }
    if (!incident.endedAt) return;
    const auto day = dayIndex(*incident.endedAt);
    if (!day) return;
    if (incident.falsePositive) ++m_out.dismissed;
    if (incident.state != IncidentState::Resolved) return;
    ++m_out.resolved;
    if (fixedByUs) ++m_automated;
    const auto took = Minutes(*incident.endedAt - incident.startedAt).count();
    m_mttr.add(took);
    m_mttrOfDay[*day].add(took);
  }

  void add(const model::Outcome& outcome) {
    const auto day = dayIndex(outcome.at);
    if (!day) return;
    ++m_out.fixesRun;
    if (outcome.result == model::OutcomeResult::Worked) {
      ++m_out.fixesWorked;
      ++m_out.days[*day].worked;
    } else {
      ++m_out.days[*day].undone;
      if (outcome.result == model::OutcomeResult::Undone) ++m_out.fixesUndone;
    }
  }

  model::Metrics result() {
    m_out.mttrMinutes = m_mttr.value();
    m_out.automationRate = shareOf(m_automated, m_out.resolved);
    m_out.falsePositiveRate = shareOf(m_out.dismissed, m_out.resolved + m_out.dismissed);
    m_out.successRate = shareOf(m_out.fixesWorked, m_out.fixesRun);
    for (size_t i = 0; i < m_out.days.size(); ++i) m_out.days[i].mttrMinutes = m_mttrOfDay[i].value();
    return std::move(m_out);
  }

 private:
  std::optional<size_t> dayIndex(base::TimePoint time) const {
    if (time < m_out.from || time >= m_out.to) return {};
    return static_cast<size_t>((dayOf(time) - m_out.days.front().day) / std::chrono::days(1));
  }

  model::Metrics m_out;
  Mean m_mttr;
  std::vector<Mean> m_mttrOfDay;
  uint64_t m_automated = 0;
};

}  // namespace

std::optional<double> shareOf(uint64_t part, uint64_t whole) {
  if (whole == 0) return {};
  return static_cast<double>(part) / static_cast<double>(whole);
}

model::Metrics metricsOver(base::TimePoint from, base::TimePoint to,
                           const std::vector<model::Incident>& incidents,
                           const std::vector<model::Outcome>& outcomes) {
  std::set<model::IncidentId> fixed;
  for (const auto& outcome : outcomes) {
    if (outcome.result == model::OutcomeResult::Worked) fixed.insert(outcome.incident);
  }
  Count count(from, to);
  for (const auto& incident : incidents) count.add(incident, fixed.contains(incident.id));
  for (const auto& outcome : outcomes) count.add(outcome);
  return count.result();
}

}  // namespace aiops::learning
