// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/agents/agents_panel.h"

#include <QKeyEvent>
#include <QPointer>
#include <QVBoxLayout>
#include <algorithm>

#include "models/cell_text.h"
#include "panels/agents/agent_form.h"
#include "widgets/card.h"
#include "widgets/change_bar.h"
#include "widgets/data_table.h"
#include "widgets/keys.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kPollMs = 1000;

const std::string* valueOf(const model::AgentStatus& agent, const std::string& key) {
  const auto found = std::find_if(agent.settings.begin(), agent.settings.end(),
                                  [&](const auto& setting) { return setting.key == key; });
  return found == agent.settings.end() ? nullptr : &found->value;
}

}  // namespace

AgentsPanel::AgentsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_bridge(bridge), m_model(new AgentModel(bridge, this)) {
  m_card = new Card(theme, tr("Agents"), this);
  m_card->setTrailing(tr("Enter configures, R restarts"));
  m_table = new DataTable(theme, m_model,
                          {{.width = 104},
                           {.width = 150},
                           {.width = 180, .stretch = true},
                           {.width = 72},
                           {.width = 80, .hideOrder = 1},
                           {.width = 84, .hideOrder = 2}},
                          m_card);
  m_table->setAccessibleName(tr("Agents"));
  m_card->body()->addWidget(m_table, 1);
  m_empty = m_card->addNote();
  m_form = new AgentForm(theme, bridge.caller().mayOperate, this);
  m_undo = new ChangeBar(theme, this);
  m_problem = new Label(theme, FontRole::Secondary, Token::Warn, {}, this);
  m_problem->setElided(true);
  m_problem->hide();
  auto* cards = new QHBoxLayout;
  cards->setSpacing(theme::grid::kCardGap);
  cards->addWidget(m_card, 58);
  cards->addWidget(m_form, 42);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(8);
  all->addWidget(m_problem);
  all->addLayout(cards, 1);
  all->addWidget(m_undo);
  m_table->hide();
  m_form->hide();
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, m_model, &AgentModel::refresh);
  connect(m_model, &AgentModel::refreshed, this, &AgentsPanel::refreshed);
  connect(m_table, &DataTable::currentIdChanged, this, &AgentsPanel::showAgent);
  connect(m_table, &DataTable::opened, this, [this] { m_form->edit(); });
  connect(m_form, &AgentForm::toggleAsked, this, &AgentsPanel::toggle);
  connect(m_form, &AgentForm::changeAsked, this, &AgentsPanel::change);
  connect(m_form, &AgentForm::left, this, [this] { m_table->setFocus(); });
  bindKey(this, QKeySequence::Undo, [this] { m_undo->undo(); });
  bindPanes(this, {m_table, m_form});
}

void AgentsPanel::activate(const QString& id) {
  m_model->refresh();
  if (!id.isEmpty()) m_table->selectId(id);
  m_table->takeFocus();
}

std::vector<KeyHelp> AgentsPanel::keyHelp() const {
  return {{tr("J K"), tr("next or previous agent")},
          {tr("Space"), tr("switch it on or off")},
          {tr("R"), tr("restart it")},
          {tr("Enter"), tr("its settings")},
          {tr("Ctrl Z"), tr("take the last change back, for 10 s")},
          {tr("Esc"), tr("back to the table")}};
}

void AgentsPanel::showEvent(QShowEvent*) {
  m_model->refresh();
  m_poll.start();
}

void AgentsPanel::hideEvent(QHideEvent*) {
  m_poll.stop();
}

void AgentsPanel::refreshed() {
  const auto& agents = m_model->agents();
  const QString problem = cellText(m_model->problem());
  m_problem->setText(agents.empty() ? QString() : tr("Not up to date: %1").arg(problem));
  m_problem->setVisible(!problem.isEmpty() && !agents.empty());
  m_empty->setVisible(agents.empty());
  m_empty->setText(problem.isEmpty() ? tr("The engine runs no agents.")
                                     : tr("The agents can't be shown. %1").arg(problem));
  m_table->setVisible(!agents.empty());
  m_form->setVisible(!agents.empty());
  const auto working = std::count_if(agents.begin(), agents.end(), [](const auto& agent) {
    return agent.state != model::AgentState::Failed && agent.state != model::AgentState::Disabled;
  });
  m_card->setCaption(tr("%1 of %2 working").arg(working).arg(agents.size()));
  if (!m_table->currentIndex().isValid()) m_table->selectId({});
  showAgent();
}

void AgentsPanel::showAgent() {
  if (const auto* agent = m_model->agent(m_table->currentId()))
    m_form->setAgent(*agent, base::SystemClock().now());
}

void AgentsPanel::toggle() {
  const auto* agent = m_model->agent(m_table->currentId());
  if (agent == nullptr || !m_bridge.caller().mayOperate) return;
  const bool wanted = !agent->enabled;
  const QString name = agentName(*agent);
  m_model->enable(
      agent->id, wanted, [self = QPointer(this), id = agent->id, name, wanted](const QString& refusal) {
        if (!self) return;
        if (!refusal.isEmpty()) return self->m_undo->tell(refusal);
        self->m_undo->offer(wanted ? tr("%1 is enabled").arg(name) : tr("%1 is disabled").arg(name),
                            [self, id, wanted] {
                              if (self) self->m_model->enable(id, !wanted, [](const QString&) {});
                            });
      });
}

void AgentsPanel::restart() {
  const auto* agent = m_model->agent(m_table->currentId());
  if (agent == nullptr) return;
  if (!m_bridge.caller().isAdmin) return m_undo->tell(tr("Not restarted: your key lacks admin."));
  m_model->restart(agent->id, [self = QPointer(this), name = agentName(*agent)](const QString& refusal) {
    if (self) self->m_undo->tell(refusal.isEmpty() ? tr("%1 was restarted").arg(name) : refusal);
  });
}

void AgentsPanel::change(const std::string& key, const QString& value) {
  const auto* agent = m_model->agent(m_table->currentId());
  if (agent == nullptr) return;
  m_model->configure(agent->id, {{key, value.toStdString()}},
                     [self = QPointer(this), before = *agent, key](const QString& refusal) {
                       if (self) self->changed(before, key, refusal);
                     });
}

void AgentsPanel::changed(const model::AgentStatus& before, const std::string& key, const QString& refusal) {
  if (!refusal.isEmpty()) {
    if (m_form->agentId() == before.id) m_form->refuse(QString::fromStdString(key), refusal);
    return;
  }
  const auto* after = m_model->agent(cellText(before.id, 64));
  const auto* was = valueOf(before, key);
  const auto* now = after == nullptr ? nullptr : valueOf(*after, key);
  if (was == nullptr || now == nullptr) return;
  m_undo->offer(
      tr("%1: %2 is %3, was %4").arg(agentName(before), settingLabel(key), cellText(*now), cellText(*was)),
      [self = QPointer(this), id = before.id, key, value = *was] {
        if (self) self->m_model->configure(id, {{key, value}}, [](const QString&) {});
      });
}

void AgentsPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space) return toggle();
  if (event->key() == Qt::Key_R && event->modifiers() == Qt::NoModifier) return restart();
  if (event->key() == Qt::Key_Escape) return m_table->setFocus();
  Panel::keyPressEvent(event);
}

}  // namespace aiops::ui
