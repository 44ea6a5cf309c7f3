// The timeline of one incident: what each service logged, where it began, what was done.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "models/timeline_actions.h"
#include "models/timeline_scale.h"
#include "service/operations.h"
#include "widgets/accessible_rows.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// One axis; changes on top, a lane per service with the root cause first, services without a sign folded
/// into one row, actions below. A refresh keeps zoom and position unless the whole was shown. To
/// accessibility it is a list of lanes, changes and actions with their times and counts. UI thread only.
class TimelineView final : public Painted, public AccessibleRows {
  Q_OBJECT
 public:
  explicit TimelineView(const theme::Theme& theme, QWidget* parent = nullptr);

  /// What lies after `now` is not known yet.
  void setInvestigation(const service::Investigation& investigation, base::TimePoint now);
  void zoom(double factor);
  void pan(double share);
  void fit();
  const TimeScale& scale() const { return m_scale; }
  /// "20:34:30 to 20:36:42".
  QString rangeText() const;

  QSize sizeHint() const override { return {900, 360}; }
  QSize minimumSizeHint() const override;

  int accessibleRowCount() const override;
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;

 Q_SIGNALS:
  void rangeChanged();
  /// What lies under the pointer, or empty.
  void readOut(const QString& text);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  struct Row {
    enum class Kind { Changes, Lane, Folded, Actions } kind;
    size_t lane = 0;
    QRect box;
  };

  void arrange();
  void setScale(const TimeScale& scale);
  base::TimePoint end() const { return m_data.timeline.to; }
  model::Severity severityOf(const service::TimelineLane& lane) const;
  QString laneText(const service::TimelineLane& lane) const;
  QString foldedText() const;
  QString readOutAt(const QPoint& point) const;

  void paintAxis(QPainter& painter) const;
  void paintRow(QPainter& painter, const Row& row) const;
  void paintLane(QPainter& painter, const Row& row) const;
  void paintLabel(QPainter& painter, const QRect& box, const service::TimelineLane& lane) const;
  void paintBars(QPainter& painter, const QRect& box, const service::TimelineLane& lane) const;
  void paintSilence(QPainter& painter, const QRect& box, const Silence& silence) const;
  void paintFirstSign(QPainter& painter, const QRect& box, const service::TimelineLane& lane) const;
  void paintChanges(QPainter& painter, const QRect& box) const;
  void paintActions(QPainter& painter, const QRect& box) const;
  void paintSpan(QPainter& painter, const QRect& box, const ActionSpan& span) const;
  void paintCauseLine(QPainter& painter) const;
  void paintCursor(QPainter& painter) const;

  service::Investigation m_data;
  base::TimePoint m_until;  ///< end of the known time: now, at most the end of the timeline
  std::vector<Row> m_rows;
  std::vector<ActionSpan> m_spans;
  TimeScale m_scale;
  int m_cursorX = -1;
};

}  // namespace aiops::ui
