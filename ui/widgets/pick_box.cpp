// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pick_box.h"

#include <QPainter>

namespace aiops::ui {

PickBox::PickBox(const theme::Theme& theme, QWidget* parent)
    : QComboBox(parent), m_theme(theme), m_arrow(QStringLiteral("chevron-down")) {
  setSizeAdjustPolicy(QComboBox::AdjustToContents);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void PickBox::paintEvent(QPaintEvent* event) {
  QComboBox::paintEvent(event);
  QPainter painter(this);
  m_arrow.paint(painter, QRectF(width() - 22, 0, 16, height()), m_theme.color(theme::Token::Text3), 12);
}

}  // namespace aiops::ui
