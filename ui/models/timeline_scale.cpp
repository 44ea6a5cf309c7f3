// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timeline_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace aiops::ui {
namespace {

using base::Duration;
using base::TimePoint;

constexpr std::array<int64_t, 16> kSteps{1,   2,   5,   10,  15,   20,   30,    60,
                                         120, 300, 600, 900, 1800, 3600, 14400, 86400};

double secondsOf(Duration span) {
  return std::chrono::duration<double>(span).count();
}

Duration spanOf(double seconds) {
  return Duration(static_cast<int64_t>(std::llround(seconds * 1e6)));
}

}  // namespace

TimeScale::TimeScale(TimePoint from, TimePoint to, double left, double width)
    : m_from(from),
      m_to(to > from ? to : from + std::chrono::seconds(1)),
      m_left(left),
      m_width(std::max(width, 1.0)) {}

double TimeScale::xOf(TimePoint time) const {
  return m_left + m_width * secondsOf(time - m_from) / secondsOf(m_to - m_from);
}

TimePoint TimeScale::at(double x) const {
  return m_from + spanOf((x - m_left) / m_width * secondsOf(m_to - m_from));
}

TimeScale TimeScale::clamped(TimePoint from, Duration span, TimePoint least, TimePoint most) const {
  span = std::min<Duration>(span, most - least);
  from = std::clamp<TimePoint>(from, least, most - span);
  return {from, from + span, m_left, m_width};
}

TimeScale TimeScale::zoomed(double factor, TimePoint anchor, TimePoint least, TimePoint most,
                            Duration minimum) const {
  const double old = secondsOf(m_to - m_from);
  const double wanted = std::max(old / factor, secondsOf(minimum));
  const double share = std::clamp(secondsOf(anchor - m_from) / old, 0.0, 1.0);
  return clamped(anchor - spanOf(wanted * share), spanOf(wanted), least, most);
}

TimeScale TimeScale::panned(double share, TimePoint least, TimePoint most) const {
  const Duration span = m_to - m_from;
  return clamped(m_from + spanOf(secondsOf(span) * share), span, least, most);
}

std::vector<TimePoint> TimeScale::ticks(double spacing) const {
  const double least = spacing / m_width * secondsOf(m_to - m_from);
  const auto fits =
      std::find_if(kSteps.begin(), kSteps.end(), [least](int64_t step) { return double(step) >= least; });
  const int64_t step = fits == kSteps.end() ? static_cast<int64_t>(std::ceil(least / 86400)) * 86400 : *fits;
  const auto first = std::chrono::ceil<std::chrono::seconds>(m_from).time_since_epoch().count();
  std::vector<TimePoint> result;
  for (int64_t at = (first + step - 1) / step * step; TimePoint(std::chrono::seconds(at)) <= m_to;
       at += step) {
    result.emplace_back(std::chrono::seconds(at));
  }
  return result;
}

}  // namespace aiops::ui
