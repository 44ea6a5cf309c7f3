// The one axis of a timeline: moments to pixels and back. Pure values, tested without a window.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "base/time.h"

namespace aiops::ui {

/// Shows [from, to] on the pixels [left, left + width]. Immutable: each change gives a new scale.
class TimeScale {
 public:
  TimeScale() = default;
  /// `to` must lie after `from`; otherwise one second is shown.
  TimeScale(base::TimePoint from, base::TimePoint to, double left, double width);

  base::TimePoint from() const { return m_from; }
  base::TimePoint to() const { return m_to; }
  double left() const { return m_left; }
  double right() const { return m_left + m_width; }

  double xOf(base::TimePoint time) const;
  base::TimePoint at(double x) const;
  bool shows(base::TimePoint time) const { return time >= m_from && time <= m_to; }

  TimeScale withPixels(double left, double width) const { return {m_from, m_to, left, width}; }
  /// Shows 1/factor of the time with `anchor` staying at its pixel; never more than [least, most], never
  /// under `minimum`.
  TimeScale zoomed(double factor, base::TimePoint anchor, base::TimePoint least, base::TimePoint most,
                   base::Duration minimum) const;
  /// Moves by a share of what is shown, within [least, most].
  TimeScale panned(double share, base::TimePoint least, base::TimePoint most) const;
  /// Round moments at least `spacing` pixels apart.
  std::vector<base::TimePoint> ticks(double spacing) const;

 private:
  TimeScale clamped(base::TimePoint from, base::Duration span, base::TimePoint least,
                    base::TimePoint most) const;

  base::TimePoint m_from{};
  base::TimePoint m_to = base::TimePoint(std::chrono::seconds(1));
  double m_left = 0;
  double m_width = 1;
};

}  // namespace aiops::ui
