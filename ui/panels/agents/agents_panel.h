// Agents: who does what, how healthy it is, and what it may do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/agent_model.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

class AgentForm;
class Card;
class DataTable;
class Label;
class ChangeBar;

/// Space switches the selected agent, R restarts it, Enter goes to its settings, Esc back to the table,
/// Ctrl+Z takes the last change back for 10 s, F6 goes to the next part. Asks once a second while it is
/// shown.
class AgentsPanel final : public Panel {
  Q_OBJECT
 public:
  AgentsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Agents"); }
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  DataTable& table() { return *m_table; }
  AgentForm& form() { return *m_form; }
  ChangeBar& changeBar() { return *m_undo; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void refreshed();
  void showAgent();
  void toggle();
  void restart();
  void change(const std::string& key, const QString& value);
  void changed(const model::AgentStatus& before, const std::string& key, const QString& refusal);

  EngineBridge& m_bridge;
  AgentModel* m_model;
  Card* m_card = nullptr;
  DataTable* m_table = nullptr;
  Label* m_empty = nullptr;
  Label* m_problem = nullptr;
  AgentForm* m_form = nullptr;
  ChangeBar* m_undo = nullptr;
  QTimer m_poll;
};

}  // namespace aiops::ui
