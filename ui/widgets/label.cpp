// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/label.h"

#include <QPainter>

#include "widgets/text.h"

namespace aiops::ui {

Label::Label(const theme::Theme& theme, theme::FontRole role, theme::Token token, const QString& text,
             QWidget* parent)
    : QLabel(parent), m_theme(theme), m_role(role), m_token(token) {
  setTextFormat(Qt::PlainText);
  setTextInteractionFlags(Qt::NoTextInteraction);
  setText(text);
  restyle();
  connect(&theme, &theme::Theme::changed, this, &Label::restyle);
}

void Label::setForeign(std::string_view foreign) {
  setText(safe(foreign));
}

void Label::setToken(theme::Token token) {
  if (m_token == token) return;
  m_token = token;
  restyle();
}

void Label::setElided(bool elided) {
  m_elided = elided;
  updateGeometry();
}

QSize Label::minimumSizeHint() const {
  if (!m_elided) return QLabel::minimumSizeHint();
  return {24, fontMetrics().height()};
}

void Label::paintEvent(QPaintEvent* event) {
  if (!m_elided) return QLabel::paintEvent(event);
  QPainter painter(this);
  painter.setPen(m_theme.color(m_token));
  const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
  painter.drawText(rect(), static_cast<int>(alignment().toInt()) | Qt::TextSingleLine, shown);
}

void Label::restyle() {
  setFont(m_theme.font(m_role));
  QPalette colours = palette();
  colours.setColor(QPalette::WindowText, m_theme.color(m_token));
  colours.setColor(QPalette::Text, m_theme.color(m_token));
  setPalette(colours);
}

}  // namespace aiops::ui
