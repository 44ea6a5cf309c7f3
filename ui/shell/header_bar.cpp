// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/header_bar.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QPointer>

#include "models/display.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

/// Looks like a field, opens the palette.
class SearchButton final : public QAbstractButton {
 public:
  SearchButton(const theme::Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
    setText(HeaderBar::tr("Search or run a command"));
    setAccessibleName(text());
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &theme::Theme::changed, this, [this] { update(); });
  }
  QSize sizeHint() const override { return {328, theme::grid::kButton}; }
  QSize minimumSizeHint() const override { return {180, theme::grid::kButton}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    paintBox(painter, rect(), m_theme.color(underMouse() ? Token::Hover : Token::Inset),
             m_theme.color(Token::Control), theme::grid::kRadiusControl);
    theme::Icon(QStringLiteral("search"))
        .paint(painter, QRectF(8, 0, 16, height()), m_theme.color(Token::Text3));
    const QString key = HeaderBar::tr("Ctrl K");
    const qreal cap = keyCapWidth(key, m_theme);
    paintText(painter, QRectF(31, 0, width() - cap - 48, height()), text(), m_theme, FontRole::Body,
              Token::Text2);
    paintKeyCap(painter, {width() - cap - 8, height() / 2.0}, key, m_theme.color(Token::Text3), m_theme);
    if (hasFocus()) paintFocus(painter, rect(), m_theme, theme::grid::kRadiusControl);
  }

 private:
  const theme::Theme& m_theme;
};

}  // namespace

HeaderBar::HeaderBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Painted(theme, parent), m_bridge(bridge) {
  setFixedHeight(theme::grid::kHeader);
  m_search = new SearchButton(theme, this);
  connect(m_search, &QAbstractButton::clicked, this, &HeaderBar::searchPressed);
  m_notice = new Label(theme, FontRole::BodyStrong, Token::Crit, {}, this);
  m_notice->setElided(true);
  m_notice->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_stop = new KeyButton(theme, KeyButton::Kind::Danger, tr("Stop automation"), {}, this);
  m_stop->setMark(QStringLiteral("stop"));
  m_stop->setToolTip(tr("Ends the running step and starts no other (Ctrl+Shift+Backspace)"));
  m_stop->setObjectName(QStringLiteral("stopAutomation"));
  m_resume = new KeyButton(theme, KeyButton::Kind::Plain, tr("Resume..."), {}, this);
  m_resume->setObjectName(QStringLiteral("resumeAutomation"));
  m_confirm = new KeyButton(theme, KeyButton::Kind::Primary, tr("Resume automation"), {}, this);
  m_confirm->setObjectName(QStringLiteral("confirmResume"));
  m_keep = new KeyButton(theme, KeyButton::Kind::Plain, tr("Keep stopped"), QStringLiteral("Esc"), this);
  m_keep->setShortcut(Qt::Key_Escape);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 0, 16, 1);
  layout->setSpacing(8);
  layout->addStretch(1);
  layout->addWidget(m_notice, 100);
  layout->addWidget(m_search);
  layout->addSpacing(8);
  for (auto* button : {m_resume, m_confirm, m_keep, m_stop}) layout->addWidget(button);
  connect(m_stop, &QPushButton::clicked, this, &HeaderBar::stop);
  connect(m_resume, &QPushButton::clicked, this, [this] { askToResume(true); });
  connect(m_keep, &QPushButton::clicked, this, [this] { askToResume(false); });
  connect(m_confirm, &QPushButton::clicked, this, &HeaderBar::resume);
  connect(&bridge, &EngineBridge::statusChanged, this, &HeaderBar::automationChanged);
  connect(&bridge, &EngineBridge::automationChanged, this, &HeaderBar::automationChanged);
  relayout();
}

void HeaderBar::setPlace(const QString& title, const QString& subject) {
  m_title = title;
  m_subject = subject;
  setAccessibleName(subject.isEmpty() ? title : tr("%1, %2").arg(title, subject));
  update();
}

void HeaderBar::stop() {
  if (!m_stop->isEnabled() || m_stopped) return;
  m_stop->setEnabled(false);
  m_bridge.stop("stopped from the console",
                [self = QPointer(this)](base::Result<model::AutomationState> result) {
                  if (!self) return;
                  self->m_stop->setEnabled(true);
                  if (!result) self->showFailure(tr("Not stopped: %1").arg(safeLine(result.error().line())));
                });
}

void HeaderBar::offerResume() {
  if (m_stopped && m_resume->isEnabled()) askToResume(true);
}

void HeaderBar::resume() {
  askToResume(false);
  m_bridge.resume("resumed from the console",
                  [self = QPointer(this)](base::Result<model::AutomationState> result) {
                    if (self && !result)
                      self->showFailure(tr("Not resumed: %1").arg(safeLine(result.error().line())));
                  });
}

void HeaderBar::showFailure(const QString& what) {
  m_failed = true;
  m_notice->setText(what);
  relayout();
}

void HeaderBar::askToResume(bool asking) {
  m_asking = asking;
  m_failed = false;
  relayout();
  if (asking) m_keep->setFocus();
}

QString HeaderBar::stoppedText() const {
  const auto& state = m_bridge.status().automation;
  QString text = tr("Automation stopped");
  if (state.since) text += QLatin1Char(' ') + clockSecondsText(*state.since);
  if (!state.by.empty()) text += tr(" by %1").arg(safeLine(state.by));
  if (!state.reason.empty()) text += tr(": %1").arg(safeLine(state.reason));
  return text + QLatin1Char('.');
}

void HeaderBar::automationChanged() {
  const bool stopped = m_bridge.status().automation.stopped;
  if (stopped == m_stopped) return;
  m_stopped = stopped;
  m_asking = m_failed = false;
  relayout();
  QAccessibleEvent announcement(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&announcement);
}

void HeaderBar::relayout() {
  if (m_asking) {
    m_notice->setText(tr("Resume automation? Approved fixes may run again."));
  } else if (m_stopped && !m_failed) {
    m_notice->setText(stoppedText());
  }
  m_notice->setVisible(m_asking || m_stopped || m_failed);
  m_search->setVisible(!m_notice->isVisibleTo(this));
  m_stop->setVisible(!m_stopped);
  m_resume->setVisible(m_stopped && !m_asking);
  m_resume->setEnabled(m_bridge.caller().mayApprove);
  m_resume->setToolTip(m_bridge.caller().mayApprove ? QString() : tr("Your role lacks approve"));
  m_confirm->setVisible(m_asking);
  m_keep->setVisible(m_asking);
  setAccessibleDescription(m_notice->isVisibleTo(this) ? m_notice->text() : QString());
  update();
}

void HeaderBar::mousePressEvent(QMouseEvent* event) {
  const qreal end = 16 + textWidth(m_title, theme(), FontRole::BodyStrong);
  if (!m_subject.isEmpty() && event->position().x() < end) Q_EMIT titlePressed();
}

void HeaderBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  if (m_stopped) {
    painter.fillRect(rect(), color(Token::CritTint));
    QColor hatch = color(Token::Crit);
    hatch.setAlphaF(0.22F);
    painter.fillRect(rect(), QBrush(hatch, Qt::BDiagPattern));
  }
  painter.fillRect(QRectF(0, height() - 1, width(), 1), color(Token::Line));
  QFont font = theme().font(FontRole::Title);
  qreal x = 16;
  painter.setFont(font);
  if (!m_subject.isEmpty()) {
    const qreal width = textWidth(m_title, theme(), FontRole::Body);
    paintText(painter, QRectF(x, 0, width + 1, height() - 1), m_title, theme(), FontRole::Body, Token::Text2);
    x += width + 5;
    theme::Icon(QStringLiteral("chevron-right"))
        .paint(painter, QRectF(x, 0, 16, height() - 1), color(Token::Text3), 14);
    x += 21;
  }
  const QString last = m_subject.isEmpty() ? m_title : m_subject;
  const QRectF box(x, 0, 320, height() - 1);
  if (m_stopped) {  // keep the letters off the hatch
    painter.fillRect(QRectF(x - 4, 12, textWidth(last, theme(), FontRole::Title) + 8, 24),
                     color(Token::CritTint));
  }
  paintText(painter, box, last, theme(), FontRole::Title, Token::Text);
}

}  // namespace aiops::ui
