// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overlay.h"

#include <QApplication>
#include <QMouseEvent>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::Token;

Overlay::Overlay(const theme::Theme& theme, QWidget* window) : Painted(theme, window) {
  hide();
}

void Overlay::cover() {
  m_before = QApplication::focusWidget();
  setGeometry(parentWidget()->rect());
  raise();
  show();
}

void Overlay::leave() {
  hide();
  if (m_before) m_before->setFocus();
}

void Overlay::mousePressEvent(QMouseEvent* event) {
  if (!card().contains(event->pos())) leave();
}

void Overlay::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  QColor dim = color(Token::App);
  dim.setAlphaF(0.72F);
  painter.fillRect(rect(), dim);
  paintBox(painter, card(), color(Token::Panel), color(Token::LineStrong), theme::grid::kRadiusOverlay);
}

}  // namespace aiops::ui
