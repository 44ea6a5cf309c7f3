// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/quiet/add_form.h"

#include <QHBoxLayout>

#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/label.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kNameWidth = 76;

}  // namespace

AddForm::AddForm(const theme::Theme& theme, EngineBridge& bridge, const QString& intro, const QString& send,
                 QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_bridge(bridge),
      m_rows(new QVBoxLayout(this)),
      m_summary(new Label(theme, FontRole::Secondary, Token::Text, {}, this)),
      m_missing(new Label(theme, FontRole::Secondary, Token::Text2, {}, this)),
      m_back(new KeyButton(theme, KeyButton::Kind::Ghost, tr("Back"), tr("Esc"), this)),
      m_send(new KeyButton(theme, KeyButton::Kind::Primary, send, tr("Ctrl Enter"), this)) {
  m_send->setObjectName(QStringLiteral("send"));
  m_missing->setObjectName(QStringLiteral("missing"));
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setSpacing(10);
  auto* words = new Label(theme, FontRole::Secondary, Token::Text2, intro, this);
  words->setWordWrap(true);
  m_rows->addWidget(words);
  connect(m_back, &QAbstractButton::clicked, this, &AddForm::left);
  connect(m_send, &QAbstractButton::clicked, this, &AddForm::submit);
  connect(&bridge, &EngineBridge::statusChanged, this, &AddForm::refresh);
  for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
    bindKey(this, QKeySequence(Qt::CTRL | key), [this] { submit(); });
}

void AddForm::addRow(const QString& name, QWidget* control, QWidget* second) {
  auto* label = new Label(m_theme, FontRole::Body, Token::Text, name, this);
  label->setMinimumWidth(kNameWidth);
  auto* row = new QHBoxLayout;
  row->setSpacing(12);
  row->addWidget(label);
  row->addWidget(control, 1);
  if (second != nullptr) row->addWidget(second, 1);
  m_rows->addLayout(row);
}

void AddForm::finish() {
  for (auto* label : {m_summary, m_missing}) {
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  }
  m_rows->addWidget(m_summary);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addWidget(m_missing, 1);
  row->addWidget(m_back);
  row->addWidget(m_send);
  m_rows->addLayout(row);
  m_rows->addStretch(1);
  refresh();
}

QString AddForm::blocked() const {
  if (!m_bridge.caller().mayOperate) return tr("Your role lacks operate.");
  if (!m_bridge.problem().empty()) return tr("The engine does not answer.");
  return {};
}

void AddForm::refresh() {
  const QString gap = missing();
  const QString why = blocked().isEmpty() ? gap : blocked();
  m_summary->setText(gap.isEmpty() ? summary() : QString());
  m_summary->setVisible(gap.isEmpty());
  m_missing->setText(m_refusal.isEmpty() ? why : m_refusal);
  m_missing->setToken(m_refusal.isEmpty() ? Token::Text2 : Token::Crit);
  m_send->setEnabled(why.isEmpty() && !m_sending);
  m_send->setToolTip(why);
}

void AddForm::submit() {
  m_refusal.clear();
  refresh();
  if (!m_send->isEnabled()) return;
  m_sending = true;
  refresh();
  send();
}

void AddForm::answered(const QString& refusal) {
  m_sending = false;
  m_refusal = refusal;
  if (refusal.isEmpty()) clear();
  refresh();
}

}  // namespace aiops::ui
