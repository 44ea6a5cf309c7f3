// How long the UI thread is busy for each frame of a widget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractEventDispatcher>
#include <QEvent>
#include <QWidget>
#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace aiops::bench {

/// A span runs from where the event loop wakes until it would wait again: all that the thread did in between,
/// taking in lines, counting, layout, painting and handing the picture to the screen. A frame is a span in
/// which `painted` was painted.
class FrameProbe final : public QObject {
 public:
  explicit FrameProbe(QWidget& painted) {
    painted.installEventFilter(this);
    auto* dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] {
      if (m_begun == Clock::time_point{}) m_begun = Clock::now();
    });
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
      if (m_begun == Clock::time_point{}) return;
      const std::chrono::duration<double, std::milli> busy = Clock::now() - m_begun;
      m_begun = {};
      m_busy += busy.count();
      if (std::exchange(m_painted, false)) m_frames.push_back(busy.count());
      m_longest = std::max(m_longest, busy.count());
    });
  }

  void clear() {
    m_frames.clear();
    m_busy = m_longest = 0;
  }
  size_t frames() const { return m_frames.size(); }
  /// Of the frames, in ms; `share` from 0 to 1.
  double percentile(double share) const {
    if (m_frames.empty()) return 0;
    auto sorted = m_frames;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1,
                           static_cast<size_t>(share * static_cast<double>(sorted.size())))];
  }
  /// Of all spans, painted or not.
  double longest() const { return m_longest; }
  double busy() const { return m_busy; }

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() == QEvent::Paint) m_painted = true;
    return false;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point m_begun;
  bool m_painted = false;
  double m_busy = 0, m_longest = 0;
  std::vector<double> m_frames;
};

}  // namespace aiops::bench
