// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/firstrun/choice_box.h"

#include <QPainter>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

ChoiceBox::ChoiceBox(const theme::Theme& theme, const QString& name, const QString& meaning, QWidget* parent)
    : Painted(theme, parent), m_name(name), m_meaning(meaning) {
  setFixedHeight(58);
  setAccessibleName(tr("%1, in force").arg(name));
  setAccessibleDescription(meaning);
}

void ChoiceBox::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Selected), color(Token::Accent), theme::grid::kRadiusControl);
  const QRectF ring(14, height() / 2.0 - 8, 16, 16);
  paintBox(painter, ring, color(Token::Inset), color(Token::Accent), 8);
  paintBox(painter, ring.adjusted(4, 4, -4, -4), color(Token::Accent), Qt::transparent, 4);
  const QRectF first(42, 9, width() - 54, 20);
  paintText(painter, first, m_name, theme(), FontRole::BodyStrong, Token::Text);
  paintText(painter, first.translated(0, 20), m_meaning, theme(), FontRole::Secondary, Token::Text2);
}

}  // namespace aiops::ui
