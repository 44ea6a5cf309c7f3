// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/attention_bar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPainter>

#include "base/time.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

AttentionBar::AttentionBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Painted(theme, parent), m_bridge(bridge) {
  setFixedHeight(theme::grid::kAttentionBar);
  m_review = new KeyButton(theme, KeyButton::Kind::Attention, tr("Review fix"), QStringLiteral("F8"), this);
  m_review->setFixedHeight(26);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 0, 16, 0);
  layout->addStretch(1);
  layout->addWidget(m_review);
  connect(m_review, &QPushButton::clicked, this, &AttentionBar::review);
  connect(&bridge, &EngineBridge::fixesChanged, this, &AttentionBar::refresh);
  connect(&m_tick, &QTimer::timeout, this, &AttentionBar::refresh);
  m_tick.start(1000);
  hide();
}

void AttentionBar::setCovered(bool covered) {
  m_covered = covered;
  refresh();
}

void AttentionBar::review() {
  const auto waiting = m_bridge.waiting();
  if (!waiting.empty()) Q_EMIT openFix(QString::fromStdString(waiting.front()->id.str()));
}

void AttentionBar::refresh() {
  const auto waiting = m_bridge.waiting();
  setVisible(!waiting.empty() && !m_covered);
  if (waiting.empty()) {
    m_id.clear();
    return;
  }
  const auto& first = *waiting.front();
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(first.expiresAt - base::SystemClock().now());
  const bool several = waiting.size() > 1;
  m_head = several ? tr("%1 decisions wait for you").arg(waiting.size()) : tr("Decision needed");
  m_text = several ? tr("first: %1").arg(safeLine(first.title)) : safeLine(first.title);
  if (!several && !first.why.empty()) m_text += QStringLiteral(": ") + safeLine(first.why);
  m_left = tr("%1 left").arg(timeLeftText(left));
  setAccessibleName(tr("%1. %2. %3").arg(m_head, m_text, m_left));
  const QString id = QString::fromStdString(first.id.str());
  if (id != m_id && isVisible()) {
    QAccessibleEvent announcement(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&announcement);
  }
  m_id = id;
  update();
}

void AttentionBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::AttnFill));
  theme::Icon(QStringLiteral("person")).paint(painter, QRectF(18, 0, 18, height()), color(Token::OnAttn), 18);
  qreal x = 46;
  QFont font = theme().font(FontRole::BodyStrong);
  font.setWeight(QFont::DemiBold);
  painter.setFont(font);
  painter.setPen(color(Token::OnAttn));
  painter.drawText(QRectF(x, 0, 300, height()), Qt::AlignVCenter, m_head);
  x += painter.fontMetrics().horizontalAdvance(m_head) + 14;
  const qreal leftWidth = textWidth(m_left, theme(), FontRole::Mono) + 16;
  const qreal end = m_review->x() - leftWidth;
  paintText(painter, QRectF(x, 0, end - x - 12, height()), m_text, theme(), FontRole::Body, Token::OnAttn);
  paintText(painter, QRectF(end, 0, leftWidth - 14, height()), m_left, theme(), FontRole::Mono, Token::OnAttn,
            Qt::AlignRight);
  // The button lies on its own colour: an edge makes it one.
  paintBox(painter, QRectF(m_review->geometry()).adjusted(-1, -1, 1, 1), Qt::transparent,
           color(Token::OnAttn), theme::grid::kRadiusControl);
}

}  // namespace aiops::ui
