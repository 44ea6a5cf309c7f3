// Base of the widgets that paint themselves.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "theme/theme.h"

namespace aiops::ui {

/// Repaints when the theme changes. The theme outlives every widget.
class Painted : public QWidget {
  Q_OBJECT
 public:
  explicit Painted(const theme::Theme& theme, QWidget* parent = nullptr);

 protected:
  const theme::Theme& theme() const { return m_theme; }
  QColor color(theme::Token token) const { return m_theme.color(token); }

 private:
  const theme::Theme& m_theme;
};

}  // namespace aiops::ui
