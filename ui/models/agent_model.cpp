// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/agent_model.h"

#include <QPointer>
#include <algorithm>

#include "models/cell_text.h"
#include "models/display.h"

namespace aiops::ui {

using theme::Token;

namespace {

/// A shape beside the word: states differ without colour.
QString iconOf(model::AgentState state) {
  switch (state) {
    case model::AgentState::Active:
      return QStringLiteral("play");
    case model::AgentState::Idle:
      return QStringLiteral("clock");
    case model::AgentState::Waiting:
      return QStringLiteral("person");
    case model::AgentState::Disabled:
      return QStringLiteral("dash");
    case model::AgentState::Failed:
      return QStringLiteral("warning");
  }
  return QStringLiteral("warning");
}

}  // namespace

QString agentName(const model::AgentStatus& agent) {
  return cellText(agent.name.empty() ? agent.id : agent.name, 64);
}

QString agentStateText(model::AgentState state) {
  switch (state) {
    case model::AgentState::Active:
      return AgentModel::tr("active");
    case model::AgentState::Idle:
      return AgentModel::tr("idle");
    case model::AgentState::Waiting:
      return AgentModel::tr("waits");
    case model::AgentState::Disabled:
      return AgentModel::tr("disabled");
    case model::AgentState::Failed:
      break;
  }
  return AgentModel::tr("failed");
}

Token agentStateInk(model::AgentState state) {
  switch (state) {
    case model::AgentState::Active:
      return Token::Ok;
    case model::AgentState::Waiting:
      return Token::Attn;
    case model::AgentState::Failed:
      return Token::Crit;
    default:
      return Token::Text3;
  }
}

QString settingLabel(const std::string& key) {
  QString text = cellText(key, 64);
  text.replace(QLatin1Char('_'), QLatin1Char(' '));
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

AgentModel::AgentModel(EngineBridge& bridge, QObject* parent)
    : QAbstractTableModel(parent), m_bridge(bridge) {}

void AgentModel::refresh() {
  if (m_asking) return;
  m_asking = true;
  m_bridge.operations().agents().listAgents(m_bridge.onUiThread<std::vector<model::AgentStatus>>(
      [model = QPointer(this), changes = m_changes](auto answer) {
        if (!model) return;
        model->m_asking = false;
        if (changes != model->m_changes) return model->refresh();
        model->m_problem = answer ? std::string() : answer.error().line();
        if (answer) model->take(std::move(*answer));
        Q_EMIT model->refreshed();
      }));
}

void AgentModel::take(std::vector<model::AgentStatus> agents) {
  m_hasAnswer = true;
  const bool same = std::equal(agents.begin(), agents.end(), m_rows.begin(), m_rows.end(),
                               [](const auto& a, const auto& b) { return a.id == b.id; });
  if (!same) beginResetModel();
  m_rows = std::move(agents);
  if (!same) {
    endResetModel();
  } else if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
  }
}

void AgentModel::enable(const std::string& id, bool enabled, Done done) {
  ++m_changes;
  m_bridge.operations().agents().enableAgent(
      m_bridge.caller(), id, enabled,
      m_bridge.onUiThread<model::AgentStatus>([model = QPointer(this), done](auto answer) {
        if (model) model->takeOne(std::move(answer), done);
      }));
}

void AgentModel::configure(const std::string& id, std::map<std::string, std::string> values, Done done) {
  ++m_changes;
  m_bridge.operations().agents().configureAgent(
      m_bridge.caller(), id, std::move(values),
      m_bridge.onUiThread<model::AgentStatus>([model = QPointer(this), done](auto answer) {
        if (model) model->takeOne(std::move(answer), done);
      }));
}

void AgentModel::restart(const std::string& id, Done done) {
  ++m_changes;
  m_bridge.operations().agents().restartAgent(
      m_bridge.caller(), id,
      m_bridge.onUiThread<model::AgentStatus>([model = QPointer(this), done](auto answer) {
        if (model) model->takeOne(std::move(answer), done);
      }));
}

void AgentModel::takeOne(base::Result<model::AgentStatus> answer, const Done& done) {
  ++m_changes;
  if (answer) {
    for (size_t i = 0; i < m_rows.size(); ++i) {
      if (m_rows[i].id != answer->id) continue;
      m_rows[i] = std::move(*answer);
      const int row = static_cast<int>(i);
      Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
      break;
    }
  }
  done(answer ? QString() : cellText(answer.error().line()));
  Q_EMIT refreshed();
}

const model::AgentStatus* AgentModel::agent(const QString& id) const {
  const auto found =
      std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& row) { return cellText(row.id, 64) == id; });
  return found == m_rows.end() ? nullptr : &*found;
}

int AgentModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AgentModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString AgentModel::textOf(const model::AgentStatus& agent, int column) const {
  switch (column) {
    case State:
      return agentStateText(agent.state);
    case Name:
      return agentName(agent);
    case Task:
      return cellText(agent.task);
    case Queued:
      return countText(static_cast<qint64>(agent.queued));
    case Handled:
      return countText(static_cast<qint64>(agent.handled));
    case Restarts:
      return countText(agent.restarts);
    default:
      return {};
  }
}

QVariant AgentModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& agent = m_rows[static_cast<size_t>(index.row())];
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return textOf(agent, column);
    case cell::Id:
      return cellText(agent.id, 64);
    case cell::Mono:
      return column >= Queued;
    case cell::Icon:
      return column == State ? iconOf(agent.state) : QString();
    case cell::Ink:
      if (column == State) return static_cast<int>(agentStateInk(agent.state));
      if (column == Restarts && agent.restarts > 0) return static_cast<int>(Token::Warn);
      return static_cast<int>(column == Name ? Token::Text : Token::Text2);
    case Qt::TextAlignmentRole:
      return static_cast<int>(column >= Queued ? Qt::AlignRight : Qt::AlignLeft);
    case Qt::AccessibleTextRole:
      if (column != State) return textOf(agent, column);
      return tr("%1, %2, %3, %4 waiting, %5 restarts")
          .arg(agentName(agent), agentStateText(agent.state), cellText(agent.task))
          .arg(agent.queued)
          .arg(agent.restarts);
    default:
      return {};
  }
}

QVariant AgentModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((section >= Queued ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case State:
      return tr("State");
    case Name:
      return tr("Agent");
    case Task:
      return tr("Now");
    case Queued:
      return tr("Queue");
    case Handled:
      return tr("Done");
    case Restarts:
      return tr("Restarts");
    default:
      return {};
  }
}

}  // namespace aiops::ui
