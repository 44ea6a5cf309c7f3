// The keys of the panel on screen, and those that work everywhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/accessible_rows.h"
#include "widgets/overlay.h"
#include "widgets/panel.h"

namespace aiops::ui {

/// Two columns of keys; to accessibility one list. Esc or a press beside it closes it. UI thread only.
class KeyCard final : public Overlay, public AccessibleRows {
  Q_OBJECT
 public:
  KeyCard(const theme::Theme& theme, QWidget* window);

  /// With the panel's own keys, which may be none.
  void open(const Panel& panel);

  int accessibleRowCount() const override;
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;

 protected:
  QRect card() const override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool focusNextPrevChild(bool) override { return true; }  // what it covers is out of reach

 private:
  struct Column {
    QString title;
    std::vector<KeyHelp> keys;
  };
  QRectF columnBox(size_t column) const;
  void paintColumn(QPainter& painter, const Column& column, const QRectF& box) const;

  std::vector<Column> m_columns;
};

}  // namespace aiops::ui
