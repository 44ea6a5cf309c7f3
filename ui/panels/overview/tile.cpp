// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/overview/tile.h"

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kCaptionFrom = 100;  ///< a lower tile drops its caption

}  // namespace

Tile::Tile(const theme::Theme& theme, const QString& name, Token spark, QWidget* parent)
    : Painted(theme, parent), m_name(name), m_spark(spark) {}

void Tile::set(const QString& value, const QString& caption, std::vector<double> trend) {
  m_value = value;
  m_caption = caption;
  m_trend = std::move(trend);
  setAccessibleName(m_name);
  setAccessibleDescription(QStringLiteral("%1 %2").arg(m_value, m_caption));
  update();
}

void Tile::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Panel), color(Token::Line), theme::grid::kRadiusCard);
  const QRectF inner = QRectF(rect()).adjusted(12, 9, -12, -9);
  paintText(painter, QRectF(inner.left(), inner.top(), inner.width(), 18), m_name, theme(),
            FontRole::Secondary, Token::Text2);
  const bool tall = height() >= kCaptionFrom;
  const QRectF spark(inner.right() - 54, inner.bottom() - 26, 54, 26);
  if (m_value.isEmpty()) {
    return paintText(painter, QRectF(inner.left(), inner.top() + 22, inner.width(), 20), m_caption, theme(),
                     FontRole::Secondary, Token::Text3);
  }
  paintText(painter, QRectF(inner.left(), inner.top() + 20, inner.width() - (tall ? 0 : 60), 34), m_value,
            theme(), FontRole::Figure, Token::Text);
  paintSpark(painter, spark, m_trend, color(m_spark), true);
  if (!tall) return;
  paintText(painter, QRectF(inner.left(), inner.bottom() - 18, inner.width() - 60, 18), m_caption, theme(),
            FontRole::Caption, Token::Text2);
}

}  // namespace aiops::ui
