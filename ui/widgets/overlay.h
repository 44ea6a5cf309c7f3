// What covers a window for a moment: a dimmed ground with a card on it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>

#include "widgets/painted.h"

namespace aiops::ui {

/// A child of the window that it covers, not a dialog. Hidden until it is shown with cover(); the owner gives
/// it the window's size when that changes. A press beside the card leaves it.
class Overlay : public Painted {
  Q_OBJECT
 public:
  Overlay(const theme::Theme& theme, QWidget* window);

 public Q_SLOTS:
  /// Hides it; the focus goes back to where it was.
  void leave();

 protected:
  /// Shows it above all else. The caller says what in it gets the focus.
  void cover();
  virtual QRect card() const = 0;
  /// The dimmed window and the empty card.
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  QPointer<QWidget> m_before;  ///< had the focus
};

}  // namespace aiops::ui
