// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chip.h"

#include <cmath>

namespace aiops::ui {

ChipLabel::ChipLabel(const theme::Theme& theme, Chip chip, QWidget* parent) : Painted(theme, parent) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setChip(std::move(chip));
}

void ChipLabel::setChip(Chip chip) {
  m_chip = std::move(chip);
  setAccessibleName(m_chip.text);
  updateGeometry();
  update();
}

QSize ChipLabel::sizeHint() const {
  return {static_cast<int>(std::ceil(chipWidth(m_chip, theme()))), 20};
}

void ChipLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintChip(painter, {0, 0}, m_chip, theme());
}

MarkLabel::MarkLabel(const theme::Theme& theme, const QString& icon, theme::Token token, QWidget* parent)
    : Painted(theme, parent), m_icon(icon), m_token(token) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void MarkLabel::setMark(const QString& icon, theme::Token token) {
  m_icon = theme::Icon(icon);
  m_token = token;
  update();
}

void MarkLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  m_icon.paint(painter, rect(), color(m_token), 14);
}

}  // namespace aiops::ui
