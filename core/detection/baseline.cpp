// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/baseline.h"

#include <algorithm>
#include <cmath>

namespace aiops::detection {
namespace {

constexpr double kLargest = 1e30;      // what float slots and sums hold without trouble
constexpr double kSurpriseAtOne = 3;   // of the threshold at sensitivity 1
constexpr double kSurpriseAtHalf = 4;  // scores 0.5
constexpr double kClip = 6;            // spreads that one value can teach
constexpr double kErrorMemory = 500;   // values that the mean errors remember
constexpr double kDeviationMemory = 300;
constexpr double kStepsMost = 8;     // usual steps that one step counts for
constexpr double kMeanMost = 5;      // spreads that one value counts for in a mean
constexpr double kPreference = 4;    // how much the better forecasts are preferred
constexpr double kSumShare = 0.3;    // of all surprises beside the greatest one
constexpr double kTellMemory = 500;  // values after which what was told has faded to a third
constexpr double kOutdo = 1.1;       // what is told again has to be that much more surprising
constexpr double kAbrupt = 6;        // spreads from what was foreseen; less is the course of a lasting change
constexpr double kLastingMemory = 20000;  // as kTellMemory, of lasting changes
constexpr double kLastingOutdo = 1.25;    // as kOutdo, of lasting changes
constexpr double kGreat = 3;              // an abrupt surprise as great as this begins a lasting change
constexpr double kTrusted = 20;           // values after which a forecast counts
constexpr double kDaySeconds = 86400, kWeekSeconds = 604800;

double toward(double from, double to, double share) {
  return from + share * (to - from);
}

}  // namespace

struct Baseline::View {
  double value = 0;
  size_t day = 0, week = 0;  ///< slots
  std::array<double, kForecasts> forecast{};
  std::array<bool, kForecasts> known{};
  double least = 0;  ///< spread of what is as good as constant
  double expected = 0, spread = 0;
};

double scoreOfSurprise(double surprise) {
  return surprise <= 0 ? 0 : surprise / (surprise + kSurpriseAtHalf);
}

double scoreThreshold(double sensitivity) {
  const double bounded = sensitivity >= 0.1 ? std::min(sensitivity, 10.0) : 0.1;
  return scoreOfSurprise(kSurpriseAtOne / bounded);
}

double alarmThreshold(double sensitivity) {
  const double bounded = sensitivity >= 0.1 ? std::min(sensitivity, 10.0) : 0.1;
  return scoreOfSurprise(2 * kSurpriseAtOne / bounded);
}

BaselineScore Baseline::add(base::TimePoint time, double value) {
  BaselineScore out;
  if (!std::isfinite(value) || std::fabs(value) > kLargest) {
    out.accepted = false;
    return out;
  }
  auto& s = m_state;
  if (s.count == 0) s.last = s.level = s.lowest = s.highest = s.previous = s.trendLevel = value;
  View view = look(time, value);
  weigh(view);
  out.surprise = judge(measure(view));
  out.warm = s.count >= kWarmUp;
  if (!out.warm) out.surprise = 0;
  out.score = scoreOfSurprise(tellOnce(out.surprise));
  out.expected = view.expected;
  out.spread = view.spread;
  out.z = (value - view.expected) / view.spread;
  out.alarm = scoreOfSurprise(alarmOf(out.surprise, out.z));
  if (std::fabs(out.z) > 1)
    out.direction = out.z > 0 ? BaselineScore::Direction::Above : BaselineScore::Direction::Below;
  learn(time, view);
  return out;
}

Baseline::View Baseline::look(base::TimePoint time, double value) const {
  const auto& s = m_state;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const auto within = [&](int64_t period) { return ((seconds % period) + period) % period; };
  View view;
  view.value = value;
  view.day = static_cast<size_t>(within(86400) * kDaySlots / 86400);
  view.week = static_cast<size_t>(within(604800) * kWeekSlots / 604800);
  const double day = s.day[view.day];
  view.forecast = {s.last, s.level, day, s.week[view.week], day + s.dayShift, s.trendLevel + s.trendStep};
  const bool daySeen = s.dayCount[view.day] > 0;
  view.known = {true, true, daySeen, s.weekCount[view.week] > 0, daySeen, true};
  view.least = 1e-3 * std::fabs(s.level) + 1e-3 * (s.highest - s.lowest) + 1e-12;
  return view;
}

/// The mean of the forecasts, weighted by a power of their mean errors; the spread is the best one's.
void Baseline::weigh(View& view) const {
  const auto& s = m_state;
  double sum = 0, weights = 0, best = 0;
  for (size_t i = 0; i < kForecasts; ++i) {
    if (!view.known[i] || s.errors[i] < kTrusted) continue;
    const double weight = std::pow(s.error[i] / (s.deviation + 1e-12) + 1e-3, -kPreference);
    best = weights == 0 ? s.error[i] : std::min(best, s.error[i]);
    sum += weight * view.forecast[i];
    weights += weight;
  }
  view.expected = weights > 0 ? sum / weights : s.last;
  view.spread = (weights > 0 ? best : s.error[Last]) + view.least;
}

std::array<double, Baseline::kStatistics> Baseline::measure(const View& view) {
  auto& s = m_state;
  const auto bounded = [](double z) { return std::clamp(z, -kMeanMost, kMeanMost); };
  const double z = (view.value - view.expected) / view.spread;
  const double distance = (view.value - s.level) / (s.error[Level] + view.least);
  const double outside = std::max({0.0, view.value - s.highest, s.lowest - view.value});
  const double step = std::fabs(view.value - s.previous) / (s.step + view.least);
  s.meanError = toward(s.meanError, bounded(z), 0.2);
  s.meanDistance = toward(s.meanDistance, bounded(distance), 0.03);
  const double persistence = persist(distance);
  s.steps = toward(s.steps, std::min(step, kStepsMost), 0.05);
  const auto season = s.weekCount[view.week] > 0 && s.error[Week] < s.error[Day] ? Week : Day;
  if (view.known[season] && s.errors[season] > 50)
    s.season = toward(s.season,
                      bounded((view.value - view.forecast[season]) / (s.error[season] + view.least)), 0.03);
  return {std::fabs(z),
          std::fabs(s.meanError) * 3,
          std::fabs(s.meanDistance) * 5,
          std::fabs(distance),
          0.25 + outside / ((s.highest - s.lowest) * 0.05 + view.least),
          s.steps,
          1 / (s.steps + 0.03),
          std::fabs(s.season) * 3,
          0.25 + persistence};
}

/// The least of the last distances when all are on one side: lone outliers don't reach it.
double Baseline::persist(double distance) {
  auto& last = m_state.lastDistances;
  double least = std::fabs(distance);
  for (const double before : last) least = before * distance > 0 ? std::min(least, std::fabs(before)) : 0;
  std::ranges::rotate(last, last.begin() + 1);
  last.back() = distance;
  return least;
}

/// The greatest surprise and a share of their sum, judged by its own past in turn. Two that lone outliers
/// don't reach count by themselves too: many outliers in the past must not hide a lasting change.
double Baseline::judge(const std::array<double, kStatistics>& statistics) {
  static constexpr std::array<double, kStatistics> kWeights{1, 1, 0.7, 0.5, 1, 1, 1, 0.7, 0};
  static constexpr std::array<double, kStatistics> kTogether{1, 5, 33, 1, 1, 20, 20, 33, 4};
  double greatest = 0, sum = 0, lasting = 0;
  for (size_t i = 0; i < kStatistics; ++i) {
    const double own = m_state.tails[i].surprise(statistics[i], kTogether[i]);
    const double surprise = kWeights[i] * own;
    m_state.tails[i].add(statistics[i]);
    greatest = std::max(greatest, surprise);
    if (i == Persistence || i == Season) lasting = std::max(lasting, own);
    sum += surprise;
  }
  const double both = std::exp2(std::min(toward(greatest, sum, kSumShare) * 0.5, 100.0));
  const double surprise = std::max(m_state.total.surprise(both, 5), lasting - 1);
  m_state.total.add(both);
  return surprise;
}

/// `surprise`, or 0 when what was told before has not faded enough.
double Baseline::tellOnce(double surprise) {
  auto& recent = m_state.recent;
  recent *= 1 - 1 / kTellMemory;
  const bool outdone = surprise > kOutdo * recent;
  recent = std::max(recent, surprise);
  return outdone ? surprise : 0;
}

/// `surprise`, or 0 when it tells nothing new. What comes about as foreseen and is unusual all the same goes
/// on with a change of level or a drift, which is told once: that is remembered for long, until the tails
/// have learnt it. What comes abruptly is another thing, as for tellOnce().
double Baseline::alarmOf(double surprise, double z) {
  auto& s = m_state;
  const bool abrupt = std::fabs(z) > kAbrupt;
  s.told *= 1 - 1 / kTellMemory;
  s.toldLasting *= 1 - 1 / kLastingMemory;
  const bool isNew = surprise > kOutdo * s.told && (abrupt || surprise > kLastingOutdo * s.toldLasting);
  s.told = std::max(s.told, surprise);
  if (!abrupt || surprise > kGreat) s.toldLasting = std::max(s.toldLasting, surprise);
  return isNew ? surprise : 0;
}

void Baseline::learn(base::TimePoint time, const View& view) {
  auto& s = m_state;
  const auto now = time.time_since_epoch().count();
  const double passed = static_cast<double>(now) / 1e6 - static_cast<double>(s.lastTime) / 1e6;
  if (s.count == 1) s.interval = std::max(passed, 0.0);
  if (s.count > 1 && passed > 0)
    s.interval += std::clamp(passed - s.interval, -0.2 * s.interval, 0.2 * s.interval + 1e-6);
  learnErrors(view);
  learnLevels(view);
  learnSeason(view);
  s.previous = view.value;
  s.lowest = std::min(s.lowest, view.value);
  s.highest = std::max(s.highest, view.value);
  s.lastTime = now;
  ++s.count;
}

void Baseline::learnErrors(const View& view) {
  auto& s = m_state;
  for (size_t i = 0; i < kForecasts; ++i) {
    if (!view.known[i]) continue;
    double off = std::fabs(view.value - view.forecast[i]);
    s.errors[i] += 1;
    if (s.errors[i] > 10) off = std::min(off, kClip * s.error[i] + view.least);
    s.error[i] = toward(s.error[i], off, std::max(1 / s.errors[i], 1 / kErrorMemory));
  }
  const double share = std::max(1 / (static_cast<double>(s.count) + 1), 1 / kDeviationMemory);
  s.deviation = toward(s.deviation, std::fabs(view.value - s.level), share);
  s.step = toward(s.step, std::fabs(view.value - s.previous), share);
}

void Baseline::learnLevels(const View& view) {
  auto& s = m_state;
  const auto bounded = [&](double off, Forecast by) {
    const double most = kClip * s.error[by] + view.least;
    return std::clamp(off, -most, most);
  };
  const double off = view.value - s.level;
  s.last = toward(s.last, view.value, 0.6);
  s.level +=
      std::max(0.01, 1 / (static_cast<double>(s.count) + 1)) * (s.count < 20 ? off : bounded(off, Level));
  const double before = s.trendLevel, ahead = s.trendLevel + s.trendStep, missed = view.value - ahead;
  s.trendLevel = ahead + 0.3 * (s.errors[Trend] > 50 ? bounded(missed, Trend) : missed);
  s.trendStep = toward(s.trendStep, s.trendLevel - before, 0.05);
}

void Baseline::learnSeason(const View& view) {
  auto& s = m_state;
  const auto learnSlot = [&](float& slot, uint8_t& count, Forecast by, double slotSeconds, double pace) {
    double off = view.value - static_cast<double>(slot);
    const double most = kClip * s.error[by] + view.least;
    if (count > 20 || s.errors[by] > 200) off = std::clamp(off, -most, most);
    const double perVisit = std::max(1.0, slotSeconds / std::max(s.interval, 1e-6));
    const double share = std::max(1.0 / (count + 1), pace / perVisit);
    slot = count == 0 ? static_cast<float>(view.value) : static_cast<float>(slot + share * off);
    if (count < 255) ++count;
  };
  if (view.known[DayMoved])
    s.dayShift = toward(s.dayShift, view.value - static_cast<double>(s.day[view.day]), 0.1);
  learnSlot(s.day[view.day], s.dayCount[view.day], Day, kDaySeconds / kDaySlots, 0.2);
  learnSlot(s.week[view.week], s.weekCount[view.week], Week, kWeekSeconds / kWeekSlots, 0.3);
}

}  // namespace aiops::detection
