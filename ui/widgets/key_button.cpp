// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/key_button.h"

#include <QStyle>
#include <QStyleOptionButton>
#include <QStylePainter>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kPadding = 12, kGap = 8, kIcon = 16, kArrow = 12;

QString kindName(KeyButton::Kind kind) {
  switch (kind) {
    case KeyButton::Kind::Primary:
      return QStringLiteral("primary");
    case KeyButton::Kind::Attention:
      return QStringLiteral("attention");
    case KeyButton::Kind::Danger:
      return QStringLiteral("danger");
    case KeyButton::Kind::Ghost:
      return QStringLiteral("ghost");
    case KeyButton::Kind::Plain:
      break;
  }
  return {};
}

}  // namespace

KeyButton::KeyButton(const theme::Theme& theme, Kind kind, const QString& text, const QString& key,
                     QWidget* parent)
    : QPushButton(text, parent), m_theme(theme), m_kind(kind), m_key(key) {
  setKind(kind);
  setAccessibleName(text);
  setAutoDefault(false);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setCursor(Qt::PointingHandCursor);
}

void KeyButton::setKind(Kind kind) {
  m_kind = kind;
  setProperty("kind", kindName(kind));
  style()->unpolish(this);
  style()->polish(this);
  update();
}

void KeyButton::setMark(const QString& icon) {
  m_icon = theme::Icon(icon);
  updateGeometry();
}

QSize KeyButton::sizeHint() const {
  qreal width = 2 * kPadding + textWidth(text(), m_theme, FontRole::BodyStrong);
  if (!m_key.isEmpty()) width += kGap + keyCapWidth(m_key, m_theme);
  if (menu() != nullptr) width += kGap + kArrow;
  if (!m_icon.isNull()) width += (text().isEmpty() ? 0 : kGap - 2) + kIcon;
  return {static_cast<int>(width), theme::grid::kButton};
}

Token KeyButton::textToken() const {
  if (!isEnabled()) return Token::Text3;
  switch (m_kind) {
    case Kind::Primary:
      return Token::OnAccent;
    case Kind::Attention:
      return Token::OnAttn;
    case Kind::Danger:
      return Token::Crit;
    case Kind::Ghost:
      return Token::Text2;
    case Kind::Plain:
      break;
  }
  return Token::Text;
}

void KeyButton::paintEvent(QPaintEvent*) {
  QStylePainter painter(this);
  QStyleOptionButton option;
  initStyleOption(&option);
  option.text.clear();
  option.features &= ~QStyleOptionButton::HasMenu;  // the arrow is our own
  painter.drawControl(QStyle::CE_PushButton, option);
  const QColor colour = m_theme.color(textToken());
  qreal x = (width() - (sizeHint().width() - 2 * kPadding)) / 2.0;
  if (!m_icon.isNull()) {
    m_icon.paint(painter, QRectF(x, 0, kIcon, height()), colour);
    x += kIcon + kGap - 2;
  }
  const qreal textSpace = textWidth(text(), m_theme, FontRole::BodyStrong);
  paintText(painter, QRectF(x, 0, textSpace + 1, height()), text(), m_theme, FontRole::BodyStrong,
            textToken());
  if (!m_key.isEmpty()) paintKeyCap(painter, {x + textSpace + kGap, height() / 2.0}, m_key, colour, m_theme);
  if (menu() != nullptr) {
    theme::Icon(QStringLiteral("chevron-down"))
        .paint(painter, QRectF(width() - kPadding - kArrow, 0, kArrow, height()), colour, kArrow);
  }
}

}  // namespace aiops::ui
