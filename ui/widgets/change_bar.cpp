// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/change_bar.h"

#include <QAccessible>
#include <QHBoxLayout>

#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

ChangeBar::ChangeBar(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  m_words = new Label(theme, FontRole::Body, Token::Text, {}, this);
  m_words->setElided(true);
  m_button = new KeyButton(theme, KeyButton::Kind::Ghost, tr("Undo"), tr("Ctrl+Z"), this);
  m_button->setObjectName(QStringLiteral("undo"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 3, 4, 3);
  row->addWidget(m_words, 1);
  row->addWidget(m_button);
  m_clock.setInterval(1000);
  connect(&m_clock, &QTimer::timeout, this, &ChangeBar::tick);
  connect(m_button, &QAbstractButton::clicked, this, &ChangeBar::undo);
  hide();
}

void ChangeBar::begin(const QString& words) {
  m_words->setText(words);
  m_left = kSeconds;
  m_button->setVisible(m_undo != nullptr);
  m_button->setText(tr("Undo (%1 s)").arg(m_left));
  m_button->updateGeometry();
  m_clock.start();
  show();
  QAccessibleEvent event(this, QAccessible::Alert);
  setAccessibleName(words);
  QAccessible::updateAccessibility(&event);
}

void ChangeBar::offer(const QString& words, std::function<void()> undo) {
  m_undo = std::move(undo);
  begin(words);
}

void ChangeBar::tell(const QString& words) {
  m_undo = nullptr;
  begin(words);
}

bool ChangeBar::undo() {
  if (!m_undo) return false;
  const auto undo = std::exchange(m_undo, nullptr);
  clear();
  undo();
  return true;
}

void ChangeBar::clear() {
  m_undo = nullptr;
  m_clock.stop();
  hide();
  Q_EMIT ended();
}

QString ChangeBar::words() const {
  return m_words->text();
}

void ChangeBar::tick() {
  if (--m_left <= 0) return clear();
  m_button->setText(tr("Undo (%1 s)").arg(m_left));
  m_button->updateGeometry();
}

void ChangeBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Raised), color(Token::LineStrong), theme::grid::kRadiusControl);
}

}  // namespace aiops::ui
