// What the marks of the timeline mean, beside its title.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/painted.h"

namespace aiops::ui {

class TimelineLegend final : public Painted {
  Q_OBJECT
 public:
  explicit TimelineLegend(const theme::Theme& theme, QWidget* parent = nullptr);
  QSize sizeHint() const override { return {330, 24}; }
  QSize minimumSizeHint() const override { return {40, 24}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace aiops::ui
