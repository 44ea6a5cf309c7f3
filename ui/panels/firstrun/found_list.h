// The found logs with their ticks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_finder.h"
#include "widgets/row_list.h"

namespace aiops::ui {

/// A row a log, in groups. Space ticks the current one, A all, a click on a box its own. Selecting shows the
/// preview.
class FoundList final : public RowList {
  Q_OBJECT
 public:
  FoundList(const theme::Theme& theme, LogFinder& finder, QWidget* parent = nullptr);

  /// The columns, for a header above: left edges of log, format, rate, size, for a width.
  struct Columns {
    int log = 44, format = 0, rate = 0, size = 0, end = 0;
  };
  static Columns columnsFor(int width);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void refresh();
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;
  void paintCells(QPainter& painter, const QRectF& row, const model::FoundLog& log) const;
  void toggle(const QString& id);
  QString groupAbove(size_t row) const;

  const theme::Theme& m_theme;
  LogFinder& m_finder;
};

/// "23 a second", "140 an hour", or a dash.
QString rateText(double linesPerHour);
/// "1.2 MB".
QString sizeText(uint64_t bytes);

}  // namespace aiops::ui
