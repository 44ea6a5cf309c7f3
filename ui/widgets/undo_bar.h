// What was just done, and the way back, for as long as there is one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/painted.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// One line above the lower edge of its parent. The owner shows it with offer(), binds Ctrl+Z, and hides it
/// when the time is over. `what` is shown text.
class UndoBar final : public Painted {
  Q_OBJECT
 public:
  explicit UndoBar(const theme::Theme& theme, QWidget* parent = nullptr);
  void offer(const QString& what);
  QString text() const;

 Q_SIGNALS:
  void undo();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Label* m_what;
  KeyButton* m_undo;
};

}  // namespace aiops::ui
