// The bar that says how much is new while the log is paused.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_model.h"
#include "widgets/painted.h"

class QAbstractButton;

namespace aiops::ui {

class Label;

/// Shown while paused, from the first moment: rows must not shift when the first new line comes.
class WaitingBar final : public Painted {
  Q_OBJECT
 public:
  explicit WaitingBar(const theme::Theme& theme, QWidget* parent = nullptr);
  void refresh(const LogModel& model);
  QString text() const;

 Q_SIGNALS:
  void nextError();
  void follow();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Label* m_count;
  Label* m_detail;
  QAbstractButton* m_next;
};

}  // namespace aiops::ui
