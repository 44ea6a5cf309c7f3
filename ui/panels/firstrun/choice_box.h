// One answer to "how much automation", with what it means.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/painted.h"

namespace aiops::ui {

/// Painted as the chosen one: what is offered is what the program does.
class ChoiceBox final : public Painted {
  Q_OBJECT
 public:
  ChoiceBox(const theme::Theme& theme, const QString& name, const QString& meaning,
            QWidget* parent = nullptr);
  QSize sizeHint() const override { return {280, 58}; }
  QSize minimumSizeHint() const override { return {200, 58}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_name, m_meaning;
};

}  // namespace aiops::ui
