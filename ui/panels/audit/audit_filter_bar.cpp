// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/audit/audit_filter_bar.h"

#include <QHBoxLayout>
#include <QPainter>

#include "widgets/key_button.h"
#include "widgets/label.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kWaitMs = 80;

}  // namespace

AuditFilterBar::AuditFilterBar(const theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 2, 0, 2);
  row->setSpacing(8);
  m_who = addField(tr("Who"), tr("engine, local operator, a key"), 150);
  m_what = addField(tr("What"), tr("for example fix.approve"), 150);
  m_target = addField(tr("Target or incident"), tr("for example FIX-0087 or web"), 170);
  setFocusProxy(m_target);
  m_from = addField(tr("From"), tr("2026-11-27, 2026-11-27 20:35 or 20:35, UTC"), 140);
  m_to = addField(tr("To"), tr("as From; up to, but not with, this time"), 140);
  m_count = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_count->setElided(true);
  m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_clear = new KeyButton(theme, KeyButton::Kind::Ghost, tr("Clear"), {}, this);
  row->addWidget(m_count, 1);
  row->addWidget(m_clear);
  m_wait.setSingleShot(true);
  m_wait.setInterval(kWaitMs);
  connect(&m_wait, &QTimer::timeout, this, &AuditFilterBar::apply);
  connect(m_clear, &QAbstractButton::clicked, this, &AuditFilterBar::clear);
  m_clear->setEnabled(false);
}

QLineEdit* AuditFilterBar::addField(const QString& name, const QString& hint, int width) {
  auto* field = new QLineEdit(this);
  field->setPlaceholderText(name);
  field->setAccessibleName(name);
  field->setAccessibleDescription(hint);
  field->setToolTip(hint);
  field->setMinimumWidth(90);
  field->setMaximumWidth(width);
  field->setClearButtonEnabled(false);
  layout()->addWidget(field);
  connect(field, &QLineEdit::textEdited, &m_wait, qOverload<>(&QTimer::start));
  return field;
}

void AuditFilterBar::setCount(const QString& text) {
  if (m_bad == nullptr) m_count->setText(text);
}

void AuditFilterBar::clear() {
  for (auto* field : {m_who, m_what, m_target, m_from, m_to}) field->clear();
  apply();
}

QString AuditFilterBar::problem() const {
  return m_bad != nullptr ? m_count->text() : QString();
}

void AuditFilterBar::apply() {
  AuditFilter filter{
      .who = m_who->text().trimmed(), .what = m_what->text().trimmed(), .target = m_target->text().trimmed()};
  m_bad = nullptr;
  for (auto* field : {m_from, m_to}) {
    if (field->text().trimmed().isEmpty()) continue;
    const auto moment = parseMoment(field->text(), base::SystemClock().now());
    (field == m_from ? filter.from : filter.to) = moment;
    if (!moment && m_bad == nullptr) m_bad = field;
  }
  const bool any = !filter.isEmpty() || m_bad != nullptr;
  m_clear->setEnabled(any);
  m_count->setToken(m_bad != nullptr ? Token::Crit : Token::Text2);
  if (m_bad != nullptr) m_count->setText(tr("Write a time as 2026-11-27, 2026-11-27 20:35 or 20:35"));
  update();
  if (m_bad == nullptr) Q_EMIT changed(filter);
}

void AuditFilterBar::paintEvent(QPaintEvent*) {
  if (m_bad == nullptr) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_theme.color(Token::Crit), 2));
  painter.drawRoundedRect(QRectF(m_bad->geometry()).adjusted(-1, -1, 1, 1), theme::grid::kRadiusControl + 1,
                          theme::grid::kRadiusControl + 1);
}

}  // namespace aiops::ui
