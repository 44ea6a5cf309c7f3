// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/peak_specialist.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "analysis/case_view.h"
#include "analysis/finding_words.h"

namespace aiops::analysis {
namespace {

constexpr std::array<std::string_view, 3> kLoadKinds = {"cpu_saturation", "connection_limit", "retry_storm"};

std::string giveText(base::Duration give) {
  const auto minutes = std::max<int64_t>(1, std::chrono::ceil<std::chrono::minutes>(give).count());
  return "give or take " + std::to_string(minutes) + " min";
}

std::string dayTime(base::TimePoint time) {
  static constexpr std::array<const char*, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
  const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(time)};
  return std::string(kDays[day.c_encoding()]) + ' ' + minuteText(time);
}

std::string percent(double share) {
  return std::to_string(std::lround(100 * share)) + " %";
}

std::string rhythmText(const detection::Recurrence& found) {
  const auto clock = minuteText(found.next).substr(11);
  if (found.weekdays) return "each weekday at about " + clock;
  if (found.period == std::chrono::hours(24)) return "each day at about " + clock;
  if (found.period == std::chrono::hours(168)) return "each week";
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(found.period).count();
  return hours == 1 ? "each hour" : "every " + std::to_string(hours) + " hours";
}

const model::Event* firstTrouble(const CaseFile& file) {
  const model::Event* first = nullptr;
  for (const auto& event : file.events) {
    if (!CaseView::trouble(event) || event.evidence.empty()) continue;
    if (first == nullptr || event.first < first->first) first = &event;
  }
  return first;
}

void citeFirst(const CaseFile& file, const std::string& reason, model::Finding& finding) {
  if (const auto* event = firstTrouble(file)) cite(finding.evidence, *event, 1, reason);
}

model::Finding recurs(const CaseFile& file, const model::Diagnosis& diagnosis,
                      const detection::Recurrence& found) {
  model::Finding out{.type = "forecast"};
  out.service = diagnosis.hypotheses.empty() ? "" : diagnosis.hypotheses.front().service;
  out.title = "It comes again " + rhythmText(found);
  out.fields = {{"next", dayTime(found.next) + ", " + giveText(found.give)},
                {"came", std::to_string(found.came) + " of " + std::to_string(found.could) + " times"},
                {"chance", percent(found.chance) + " that it comes then, by what was seen"},
                {"rests on", "when incidents like this one began"},
                {"look for", "what is started by a timer at that time: jobs, backups, reports, rotations"}};
  citeFirst(file, "how it began this time", out);
  return out;
}

model::Finding peak(const CaseFile& file, const std::string& service, const detection::PeakForecast& found) {
  model::Finding out{.type = "forecast", .service = service};
  out.title = "The next peak of " + service + " is foreseen for " + dayTime(found.at);
  char height[96];
  std::snprintf(height, sizeof height, "%.0f lines in a quarter of an hour; with 80 %% between %.0f and %.0f",
                found.expected, std::max(0.0, found.low), found.high);
  const bool week = found.period == std::chrono::hours(168);
  out.fields = {
      {"when", dayTime(found.at) + ", " + giveText(found.give)},
      {"height", height},
      {"rests on", std::to_string(found.periods) + (week ? " past weeks" : " past days") + " of its log"},
      {"how sure", "in the past this foresaw with " + percent(found.better) + " less error than the mean"}};
  citeFirst(file, "under load this time", out);
  return out;
}

model::Finding noPeak(const CaseFile& file, const std::string& service, const std::string& why) {
  model::Finding out{.type = "forecast", .service = service};
  out.title = "The next peak of " + service + " can't be foreseen";
  out.fields = {{"why", why}};
  citeFirst(file, "under load this time", out);
  return out;
}

}  // namespace

std::vector<model::Finding> PeakSpecialist::peaks(const CaseFile& file,
                                                  const model::Diagnosis& diagnosis) const {
  if (diagnosis.hypotheses.empty()) return {};
  const auto& best = diagnosis.hypotheses.front();
  if (std::ranges::find(kLoadKinds, best.kind) == kLoadKinds.end()) return {};
  std::vector<std::string> services{best.service};
  for (const auto& service : file.incident.services) {
    if (service != best.service) services.push_back(service);
  }
  std::string why;
  for (const auto& service : services) {
    const auto answer = detection::forecastPeak(m_rates.linesOf(service), diagnosis.at);
    if (answer.forecast) return {peak(file, service, *answer.forecast)};
    if (why.empty()) why = answer.why;
  }
  return {noPeak(file, best.service, why)};
}

std::vector<model::Finding> PeakSpecialist::examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                                    const Reread&) const {
  std::vector<model::Finding> findings;
  auto times = m_starts ? m_starts(file, diagnosis) : std::vector<base::TimePoint>();
  times.push_back(file.incident.startedAt);
  if (const auto found = detection::recurrence(std::move(times), diagnosis.at))
    findings.push_back(recurs(file, diagnosis, *found));
  std::ranges::move(peaks(file, diagnosis), std::back_inserter(findings));
  return findings;
}

}  // namespace aiops::analysis
