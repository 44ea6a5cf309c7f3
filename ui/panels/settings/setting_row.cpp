// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/settings/setting_row.h"

#include <QGridLayout>
#include <QPainter>

#include "models/cell_text.h"
#include "widgets/chip.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/paint.h"
#include "widgets/value_field.h"

namespace aiops::ui {

using model::SettingType;
using theme::FontRole;
using theme::Token;

namespace {

constexpr int kKeyWidth = 236, kControlWidth = 260;

ValueField::Kind kindOf(const model::SettingInfo& setting) {
  switch (setting.type) {
    case SettingType::Switch:
      return ValueField::Kind::Switch;
    case SettingType::Choice:
      return setting.choices.empty() ? ValueField::Kind::Text : ValueField::Kind::Choice;
    case SettingType::Secret:
      return ValueField::Kind::Secret;
    default:
      return ValueField::Kind::Text;
  }
}

QStringList choicesOf(const model::SettingInfo& setting) {
  QStringList choices;
  for (const auto& choice : setting.choices) choices += cellText(choice, 64);
  return choices;
}

}  // namespace

SettingRow::SettingRow(const theme::Theme& theme, const model::SettingInfo& setting, bool mayChange,
                       QWidget* parent)
    : Painted(theme, parent), m_setting(setting) {
  setFocusPolicy(Qt::ClickFocus);  // Tab goes from control to control
  build();
  setSetting(setting, mayChange);
}

void SettingRow::build() {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(8, 8, 8, 10);
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(4);
  auto* key = new Label(theme(), FontRole::Mono, Token::Text, cellText(m_setting.key, 96), this);
  key->setElided(true);
  key->setFixedWidth(kKeyWidth);
  m_field = new ValueField(theme(), kindOf(m_setting), choicesOf(m_setting), this);
  m_field->setFixedWidth(kControlWidth);
  m_fixed = new Label(theme(), FontRole::Mono, Token::Text2, {}, this);
  m_fixed->setElided(true);
  m_fixed->setFixedWidth(kControlWidth);
  m_fixed->setMinimumHeight(theme::grid::kField);
  m_lock = new MarkLabel(theme(), QStringLiteral("lock"), Token::Text3, this);
  m_origin = new Label(theme(), FontRole::Secondary, Token::Text3, {}, this);
  m_origin->setElided(true);
  m_reset = new KeyButton(theme(), KeyButton::Kind::Ghost, tr("Reset"), {}, this);
  m_note = new Label(theme(), FontRole::Secondary, Token::Text2, {}, this);
  m_note->setWordWrap(true);
  grid->addWidget(key, 0, 0, Qt::AlignVCenter);
  grid->addWidget(m_field, 0, 1);
  grid->addWidget(m_fixed, 0, 1);
  grid->addWidget(m_lock, 0, 2, Qt::AlignVCenter);
  grid->addWidget(m_origin, 0, 3);
  grid->addWidget(m_reset, 0, 4, Qt::AlignRight);
  grid->addWidget(m_note, 1, 1, 1, 4);
  grid->setColumnStretch(3, 1);
  connect(m_field, &ValueField::committed, this,
          [this](const QString& value) { Q_EMIT changeAsked(m_setting.key, value); });
  connect(m_field, &ValueField::left, this, [this] { setFocus(); });
  connect(m_reset, &QAbstractButton::clicked, this, [this] { Q_EMIT resetAsked(m_setting.key); });
}

void SettingRow::setSetting(const model::SettingInfo& setting, bool mayChange) {
  m_setting = setting;
  fillControl(mayChange);
  m_origin->setText(originWords());
  m_origin->setToolTip(originWords());
  m_origin->setToken(setting.pendingRestart ? Token::Warn : Token::Text3);
  if (!m_field->isBad()) {
    m_note->setText(helpWords());
    m_note->setToken(Token::Text2);
  }
  const QString value = m_setting.type == SettingType::Secret ? (m_setting.isSet ? tr("set") : tr("not set"))
                                                              : cellText(m_setting.value, 96);
  setAccessibleName(tr("%1: %2, %3").arg(cellText(m_setting.key, 96), value, originWords()));
  setAccessibleDescription(helpWords());
}

void SettingRow::fillControl(bool mayChange) {
  m_locked = !mayChange || !m_setting.fixedBy.empty() || !m_setting.editable;
  const bool isSecret = m_setting.type == SettingType::Secret;
  m_field->setVisible(!m_locked);
  m_fixed->setVisible(m_locked);
  m_lock->setVisible(m_locked);
  m_reset->setVisible(!m_locked && m_setting.origin == "console");
  const QString shown = m_setting.value.empty() ? tr("empty") : cellText(m_setting.value);
  m_fixed->setText(isSecret ? (m_setting.isSet ? tr("set, not shown") : tr("not set")) : shown);
  m_field->setValue(isSecret ? QString() : cellText(m_setting.value));
  m_field->setPlaceholder(isSecret ? (m_setting.isSet ? tr("set; type to replace it") : tr("not set"))
                                   : cellText(m_setting.defaultValue));
  m_field->setName(cellText(m_setting.key, 96), helpWords());
}

QString SettingRow::originWords() const {
  if (!m_setting.fixedBy.empty()) return tr("fixed by %1").arg(cellText(m_setting.fixedBy, 96));
  QString from = m_setting.origin == "default"   ? tr("default")
                 : m_setting.origin == "console" ? tr("set here")
                                                 : tr("from %1").arg(cellText(m_setting.origin, 96));
  if (m_setting.type == SettingType::Secret) {
    from = !m_setting.isSet ? tr("not set") : tr("kept in %1").arg(cellText(m_setting.keptIn, 96));
  }
  return m_setting.pendingRestart ? tr("%1, after a restart").arg(from) : from;
}

QString SettingRow::helpWords() const {
  QString words = sentence(m_setting.help);
  const bool isOnScreen = m_setting.type == SettingType::Switch || m_setting.type == SettingType::Choice;
  if (!m_setting.allowed.empty() && (m_locked || !isOnScreen))
    words += tr(" Allowed: %1.").arg(cellText(m_setting.allowed));
  if (!m_setting.variable.empty()) words += tr(" Variable: %1.").arg(cellText(m_setting.variable, 96));
  return words.trimmed();
}

void SettingRow::refuse(const QString& why) {
  m_field->setBad(true);
  m_note->setText(why);
  m_note->setToken(Token::Crit);
}

void SettingRow::edit() {
  if (!m_locked) m_field->edit();
}

QString SettingRow::originText() const {
  return m_origin->text();
}

QString SettingRow::noteText() const {
  return m_note->text();
}

void SettingRow::focusInEvent(QFocusEvent*) {
  update();
}

void SettingRow::focusOutEvent(QFocusEvent*) {
  update();
}

void SettingRow::mousePressEvent(QMouseEvent*) {
  setFocus();
}

void SettingRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(QRect(0, height() - 1, width(), 1), color(Token::Line));
  if (hasFocus())
    paintFocus(painter, QRectF(rect()).adjusted(0, 1, 0, -1), theme(), theme::grid::kRadiusControl);
}

}  // namespace aiops::ui
