// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/segment.h"

#include <QPainter>
#include <QPainterPath>

#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::Token;

constexpr int kPadding = 12;

}  // namespace

Segment::Segment(const theme::Theme& theme, const QString& text, Place place, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_place(place) {
  setText(text);
  setCheckable(true);
  setFocusPolicy(Qt::StrongFocus);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize Segment::sizeHint() const {
  const QFontMetrics metrics(m_theme.font(theme::FontRole::BodyStrong));
  const int padding = m_place == Place::Alone ? 8 : kPadding;
  return {metrics.horizontalAdvance(text()) + 2 * padding, theme::grid::kField};
}

void Segment::enterEvent(QEnterEvent*) {
  update();
}
void Segment::leaveEvent(QEvent*) {
  update();
}

void Segment::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const qreal radius = theme::grid::kRadiusControl;
  // Drawn wider than the segment where a neighbour follows, so that only outer corners are round.
  QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  if (m_place == Place::First || m_place == Place::Middle) box.setRight(width() + radius + 1);
  if (m_place == Place::Last || m_place == Place::Middle) box.setLeft(-radius - 1);
  const Token fill = isChecked() ? Token::Selected : underMouse() ? Token::Hover : Token::Raised;
  paintBox(painter, box, m_theme.color(fill), m_theme.color(Token::LineStrong), radius);
  if (m_place == Place::Middle || m_place == Place::Last) {
    painter.fillRect(QRectF(0, 1, 1, height() - 2), m_theme.color(Token::LineStrong));
  }
  painter.setFont(m_theme.font(isChecked() ? theme::FontRole::BodyStrong : theme::FontRole::Body));
  painter.setPen(m_theme.color(isEnabled() ? isChecked() ? Token::Text : Token::Text2 : Token::Text3));
  painter.drawText(rect(), Qt::AlignCenter, text());
  if (hasFocus()) paintFocus(painter, QRectF(rect()), m_theme, radius);
}

}  // namespace aiops::ui
