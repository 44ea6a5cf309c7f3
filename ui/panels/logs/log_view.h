// The scrolling list of log lines. Paints visible rows only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <optional>

#include "models/log_model.h"
#include "panels/logs/log_row.h"
#include "theme/theme.h"
#include "widgets/accessible_rows.h"

namespace aiops::ui {

/// Follows the end until the operator scrolls up or selects a line; then it pauses the model, and nothing
/// moves until it is told to follow again. The current line is kept by ordinal. UI thread only; the model
/// must outlive the view.
///
/// Keys: Space pause or follow, End follow, Up Down J K, Page Up, Page Down, Home, F4 / Shift+F4 next /
/// previous error, N / Shift+N next / previous match, C copy the shown message, Shift+C with time and
/// service.
class LogView final : public QAbstractScrollArea, public AccessibleRows {
  Q_OBJECT
 public:
  LogView(const theme::Theme& theme, LogModel& model, QWidget* parent = nullptr);

  std::optional<uint64_t> current() const { return m_current; }
  /// Pauses, selects the line and scrolls it into view (to the middle if it was out of it).
  void setCurrent(uint64_t ordinal);
  void follow();
  void togglePause();
  /// False if there is none in that direction.
  bool goToError(bool forward);
  bool goToMatch(bool forward);
  /// The current line as shown: the message, or time, service and message.
  QString currentText(bool whole) const;

  int accessibleRowCount() const override;
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;
  int accessibleCurrentRow() const override;

 Q_SIGNALS:
  void currentChanged();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void takeAppended(qsizetype removedRows);
  void takeReset();
  void updateRange();
  void setScroll(int value);
  void scrollTo(qsizetype row);
  void moveBy(qsizetype rows);
  void goTo(uint64_t ordinal);
  void copy(bool whole) const;
  bool handleMove(int key);
  bool showsDate() const;
  void updateColumns();

  const theme::Theme& m_theme;
  LogModel& m_model;
  LogColumns m_columns;
  bool m_withDate = false;
  size_t m_measured = 0;  ///< services that the columns are made for
  std::optional<uint64_t> m_current;
  std::optional<uint64_t> m_anchor;  ///< first visible line, kept in place over a change of rows
  bool m_adjusting = false;          ///< the view itself moves the scroll bar
};

}  // namespace aiops::ui
