// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/agents/agent_form.h"

#include <QHBoxLayout>
#include <algorithm>

#include "models/agent_model.h"
#include "models/cell_text.h"
#include "models/display.h"
#include "widgets/field_list.h"
#include "widgets/key_button.h"
#include "widgets/value_field.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kLabelWidth = 180, kLabelGap = 12, kControlWidth = 260;
constexpr size_t kMostWords = 8;

bool isWord(const QString& text) {
  return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar unit) {
    return unit.isLower() || unit == QLatin1Char('_');
  });
}

bool sameKeys(const model::AgentStatus& one, const model::AgentStatus& other) {
  return one.id == other.id &&
         std::equal(one.settings.begin(), one.settings.end(), other.settings.begin(), other.settings.end(),
                    [](const auto& a, const auto& b) { return a.key == b.key && a.allowed == b.allowed; });
}

}  // namespace

QStringList allowedWords(const std::string& allowed) {
  const QStringList words = cellText(allowed).split(QStringLiteral(", "));
  const bool isList = words.size() >= 2 && static_cast<size_t>(words.size()) <= kMostWords &&
                      std::all_of(words.begin(), words.end(), isWord);
  return isList ? words : QStringList();
}

AgentForm::AgentForm(const theme::Theme& theme, bool mayOperate, QWidget* parent)
    : Card(theme, tr("Agent"), parent), m_theme(theme), m_mayOperate(mayOperate) {
  m_toggle = new KeyButton(theme, KeyButton::Kind::Plain, tr("Disable"), tr("Space"), this);
  m_toggle->setObjectName(QStringLiteral("toggleAgent"));
  m_facts = new FieldList(theme, this);
  m_noSettings = new Label(theme, FontRole::Secondary, Token::Text3, tr("This agent has no settings."), this);
  head()->addWidget(m_toggle);
  body()->addWidget(m_facts);
  body()->addSpacing(12);
  body()->addWidget(m_noSettings);
  body()->addStretch(1);
  connect(m_toggle, &QAbstractButton::clicked, this, &AgentForm::toggleAsked);
}

void AgentForm::setAgent(const model::AgentStatus& agent, base::TimePoint now) {
  const bool same = m_settings != nullptr && sameKeys(m_agent, agent);
  m_agent = agent;
  if (!same) rebuild();
  setTitle(agentName(agent));
  setCaption(agentStateText(agent.state));
  m_toggle->setText(agent.enabled ? tr("Disable") : tr("Enable"));
  m_toggle->setAccessibleName(m_toggle->text());
  m_toggle->setEnabled(m_mayOperate);
  m_toggle->setToolTip(m_mayOperate ? QString() : tr("Your key lacks operate."));
  m_toggle->updateGeometry();
  fillFacts(now);
  for (const auto& setting : agent.settings) fillRow(setting);
}

void AgentForm::fillFacts(base::TimePoint now) {
  std::vector<FieldList::Row> rows;
  rows.push_back({tr("Now"), m_agent.task.empty() ? tr("nothing") : cellText(m_agent.task)});
  rows.push_back({tr("Queue"), tr("%1 waiting, %2 done since the start")
                                   .arg(countText(static_cast<qint64>(m_agent.queued)),
                                        countText(static_cast<qint64>(m_agent.handled)))});
  if (m_agent.restarts > 0) rows.push_back({tr("Restarts"), countText(m_agent.restarts), {}, Token::Warn});
  if (m_agent.lastProblem.empty()) {
    rows.push_back({tr("Last problem"), tr("none")});
  } else {
    const QString when = m_agent.lastProblemAt ? momentText(*m_agent.lastProblemAt, now) + u' ' : QString();
    rows.push_back({tr("Last problem"), when + cellText(m_agent.lastProblem), {}, Token::Error});
  }
  m_facts->setRows(std::move(rows));
}

void AgentForm::rebuild() {
  delete m_settings;
  m_rows.clear();
  m_settings = new QWidget(this);
  auto* rows = new QVBoxLayout(m_settings);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(12);
  for (const auto& setting : m_agent.settings) addRow(rows, setting);
  body()->insertWidget(2, m_settings);
  m_noSettings->setVisible(m_agent.settings.empty());
}

void AgentForm::addRow(QVBoxLayout* rows, const model::AgentSetting& setting) {
  const QStringList words = allowedWords(setting.allowed);
  const bool isSwitch =
      words.size() == 2 && words.contains(QStringLiteral("true")) && words.contains(QStringLiteral("false"));
  const auto kind = isSwitch          ? ValueField::Kind::Switch
                    : words.isEmpty() ? ValueField::Kind::Text
                                      : ValueField::Kind::Choice;
  auto* line = new QHBoxLayout;
  line->setSpacing(kLabelGap);
  auto* label = new Label(m_theme, FontRole::Body, Token::Text, settingLabel(setting.key), m_settings);
  label->setFixedWidth(kLabelWidth);
  label->setElided(true);
  Row row;
  row.field = new ValueField(m_theme, kind, words, m_settings);
  row.field->setMaximumWidth(kControlWidth);
  row.field->setName(settingLabel(setting.key), cellText(setting.help));
  row.field->setEnabled(m_mayOperate);
  row.note = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, m_settings);
  row.note->setWordWrap(true);
  auto* noteLine = new QHBoxLayout;
  noteLine->addSpacing(kLabelWidth + kLabelGap);
  noteLine->addWidget(row.note, 1);
  line->addWidget(label);
  line->addWidget(row.field, 1);
  line->addStretch(0);
  auto* both = new QVBoxLayout;
  both->setSpacing(4);
  both->addLayout(line);
  both->addLayout(noteLine);
  rows->addLayout(both);
  m_rows[setting.key] = row;
  connect(row.field, &ValueField::committed, this,
          [this, key = setting.key](const QString& value) { Q_EMIT changeAsked(key, value); });
  connect(row.field, &ValueField::left, this, &AgentForm::left);
}

void AgentForm::fillRow(const model::AgentSetting& setting) {
  const auto found = m_rows.find(setting.key);
  if (found == m_rows.end()) return;
  const Row& row = found->second;
  row.field->setValue(cellText(setting.value));
  if (row.field->isBad()) return;
  QString note = sentence(setting.help);
  if (!setting.allowed.empty() && allowedWords(setting.allowed).isEmpty())
    note += tr(" Allowed: %1.").arg(cellText(setting.allowed));
  if (!setting.limitedBy.empty())
    note = tr("Held at %1: %2").arg(cellText(setting.value), cellText(setting.limitedBy));
  row.note->setText(note.trimmed());
  row.note->setToken(setting.limitedBy.empty() ? Token::Text2 : Token::Warn);
}

void AgentForm::edit() {
  if (m_agent.settings.empty() || !m_mayOperate) return;
  m_rows[m_agent.settings.front().key].field->edit();
}

void AgentForm::refuse(const QString& key, const QString& why) {
  const auto found = m_rows.find(key.toStdString());
  if (found == m_rows.end()) return;
  found->second.field->setBad(true);
  found->second.note->setText(why);
  found->second.note->setToken(Token::Crit);
}

ValueField* AgentForm::field(const std::string& key) const {
  const auto found = m_rows.find(key);
  return found == m_rows.end() ? nullptr : found->second.field;
}

}  // namespace aiops::ui
