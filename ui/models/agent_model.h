// The agents as a table, and asking for a change of one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <map>

#include "models/engine_bridge.h"
#include "theme/theme.h"

namespace aiops::ui {

/// Asks for the agents when told to, and changes them. Rows keep the order of the engine. UI thread only.
class AgentModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { State, Name, Task, Queued, Handled, Restarts, ColumnCount };

  explicit AgentModel(EngineBridge& bridge, QObject* parent = nullptr);

  void refresh();
  /// `done` gets the words of a refusal, or nothing.
  using Done = std::function<void(const QString& refusal)>;
  void enable(const std::string& id, bool enabled, Done done);
  void configure(const std::string& id, std::map<std::string, std::string> values, Done done);
  void restart(const std::string& id, Done done);

  const model::AgentStatus* agent(const QString& id) const;
  const std::vector<model::AgentStatus>& agents() const { return m_rows; }
  bool hasAnswer() const { return m_hasAnswer; }
  const std::string& problem() const { return m_problem; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 Q_SIGNALS:
  /// After each answer, also when only numbers or the problem changed.
  void refreshed();

 private:
  void take(std::vector<model::AgentStatus> agents);
  void takeOne(base::Result<model::AgentStatus> answer, const Done& done);
  QString textOf(const model::AgentStatus& agent, int column) const;

  EngineBridge& m_bridge;
  std::vector<model::AgentStatus> m_rows;
  std::string m_problem;
  bool m_hasAnswer = false;
  bool m_asking = false;
  int m_changes = 0;  ///< an answer from before a change is out of date
};

/// The name of an agent as people say it, translated where it is one of ours.
QString agentName(const model::AgentStatus& agent);
QString agentStateText(model::AgentState state);
theme::Token agentStateInk(model::AgentState state);
/// "risk_threshold" as "Risk threshold".
QString settingLabel(const std::string& key);

}  // namespace aiops::ui
