// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/waiting_bar.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>

#include "models/display.h"
#include "widgets/label.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

QString counted(qint64 count, const QString& one, const QString& many) {
  return count == 1 ? one : many.arg(countText(count));
}

QString detailText(const LogModel& model) {
  const auto& waiting = model.waiting();
  const QString since = model.pausedTime()
                            ? WaitingBar::tr("since you paused at %1").arg(clockText(*model.pausedTime()))
                            : WaitingBar::tr("since you paused");
  if (waiting.lines == 0) return since;
  const QString errors = counted(waiting.errors, WaitingBar::tr("1 error"), WaitingBar::tr("%1 errors"));
  const QString warnings =
      counted(waiting.warnings, WaitingBar::tr("1 warning"), WaitingBar::tr("%1 warnings"));
  return WaitingBar::tr("%1, %2 %3").arg(errors, warnings, since);
}

/// Outlined on the filled ground, with its key.
class BarButton final : public QAbstractButton {
 public:
  BarButton(const theme::Theme& theme, const QString& text, const QString& key, QWidget* parent)
      : QAbstractButton(parent), m_theme(theme), m_key(key) {
    setText(text);
    setAccessibleName(text);
    setCursor(Qt::PointingHandCursor);
  }
  QSize sizeHint() const override {
    const qreal width = textWidth(text(), m_theme, FontRole::BodyStrong) + keyCapWidth(m_key, m_theme) + 32;
    return {static_cast<int>(width), 26};
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(isEnabled() ? 1 : 0.6);
    const QColor ink = m_theme.color(Token::OnAccent);
    painter.setPen(QPen(ink, hasFocus() || underMouse() ? 2 : 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::grid::kRadiusControl,
                            theme::grid::kRadiusControl);
    paintText(painter, QRectF(12, 0, width(), height()), text(), m_theme, FontRole::BodyStrong,
              Token::OnAccent);
    const qreal left = width() - 12 - keyCapWidth(m_key, m_theme);
    paintKeyCap(painter, {left, height() / 2.0}, m_key, ink, m_theme);
  }

 private:
  const theme::Theme& m_theme;
  QString m_key;
};

}  // namespace

WaitingBar::WaitingBar(const theme::Theme& theme, QWidget* parent)
    : Painted(theme, parent),
      m_count(new Label(theme, FontRole::BodyStrong, Token::OnAccent, {}, this)),
      m_detail(new Label(theme, FontRole::Body, Token::OnAccent, {}, this)),
      m_next(new BarButton(theme, tr("Next error"), QStringLiteral("F4"), this)) {
  setFixedHeight(theme::grid::kAttentionBar);
  setAccessibleName(tr("New lines"));
  m_detail->setElided(true);
  auto* end = new BarButton(theme, tr("Follow"), QStringLiteral("End"), this);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 3, 12, 3);
  row->setSpacing(8);
  row->addWidget(m_count);
  row->addWidget(m_detail, 1);
  row->addWidget(m_next);
  row->addWidget(end);
  connect(m_next, &QAbstractButton::clicked, this, &WaitingBar::nextError);
  connect(end, &QAbstractButton::clicked, this, &WaitingBar::follow);
  hide();
}

QString WaitingBar::text() const {
  return m_count->text() + u' ' + m_detail->text();
}

void WaitingBar::refresh(const LogModel& model) {
  const auto& waiting = model.waiting();
  setVisible(model.paused());
  if (!model.paused()) return;
  m_count->setText(waiting.lines == 0 ? tr("No new line")
                                      : counted(waiting.lines, tr("1 new line"), tr("%1 new lines")));
  m_detail->setText(detailText(model));
}

void WaitingBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::AccentFill));
}

}  // namespace aiops::ui
