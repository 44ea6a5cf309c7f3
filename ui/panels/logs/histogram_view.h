// The strip above the log: lines per span of time, stacked by severity.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_histogram.h"
#include "widgets/accessible_rows.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Click a bar, or walk them with Left and Right and press Enter, to go to its first line. The bar under the
/// cursor or pointer is read out in the header of the strip.
class HistogramView final : public Painted, public AccessibleRows {
  Q_OBJECT
 public:
  explicit HistogramView(const theme::Theme& theme, QWidget* parent = nullptr);

  void setHistogram(LogHistogram histogram);
  /// Right of the legend: "470 of 5 662 lines match".
  void setTrailing(const QString& text);

  QSize sizeHint() const override { return {600, 108}; }
  QSize minimumSizeHint() const override { return {300, 108}; }

  int accessibleRowCount() const override { return static_cast<int>(m_histogram.bars.size()); }
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;
  int accessibleCurrentRow() const override { return m_cursor; }

 Q_SIGNALS:
  void chosen(qint64 microsSinceEpoch);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  QRectF chartBox() const;
  QRectF columnBox(int bar) const;
  int barAt(const QPoint& point) const;
  uint32_t highest() const;
  void choose(int bar);
  void paintHead(QPainter& painter) const;
  void paintAxes(QPainter& painter, uint32_t top) const;
  void paintBar(QPainter& painter, int bar, uint32_t top) const;

  LogHistogram m_histogram;
  QString m_trailing;
  int m_hover = -1;
  int m_cursor = -1;
};

}  // namespace aiops::ui
