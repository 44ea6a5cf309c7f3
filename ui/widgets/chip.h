// A chip as a widget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/paint.h"
#include "widgets/painted.h"

namespace aiops::ui {

class ChipLabel : public Painted {
  Q_OBJECT
 public:
  ChipLabel(const theme::Theme& theme, Chip chip, QWidget* parent = nullptr);
  void setChip(Chip chip);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Chip m_chip;
};

/// One icon or severity mark as a 16 px widget, for rows made of labels.
class MarkLabel : public Painted {
  Q_OBJECT
 public:
  MarkLabel(const theme::Theme& theme, const QString& icon, theme::Token token, QWidget* parent = nullptr);
  void setMark(const QString& icon, theme::Token token);
  QSize sizeHint() const override { return {16, 16}; }
  QSize minimumSizeHint() const override { return {16, 16}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Icon m_icon;
  theme::Token m_token;
};

}  // namespace aiops::ui
