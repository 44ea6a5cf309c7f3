// A drop-down with the console's own arrow.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

#include "theme/icon.h"
#include "theme/theme.h"

namespace aiops::ui {

/// The style sheet takes the platform's arrow away; this paints the icon in its place.
class PickBox final : public QComboBox {
  Q_OBJECT
 public:
  explicit PickBox(const theme::Theme& theme, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const theme::Theme& m_theme;
  theme::Icon m_arrow;
};

}  // namespace aiops::ui
