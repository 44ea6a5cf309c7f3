// One agent: what it does, its switch, its settings, its last problem.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include "model/status.h"
#include "theme/theme.h"
#include "widgets/card.h"

class QFormLayout;
class QVBoxLayout;

namespace aiops::ui {

class ChipLabel;
class FieldList;
class KeyButton;
class ValueField;

/// Shows what setAgent() gave it last; a field that is being typed into keeps its text. The settings come
/// from the engine: a list of allowed words becomes a choice, anything else a text.
class AgentForm final : public Card {
  Q_OBJECT
 public:
  AgentForm(const theme::Theme& theme, bool mayOperate, QWidget* parent = nullptr);

  void setAgent(const model::AgentStatus& agent, base::TimePoint now);
  /// Focus into the first setting.
  void edit();
  void refuse(const QString& key, const QString& why);
  /// The key of the setting whose control has the focus, or empty.
  const std::string& agentId() const { return m_agent.id; }
  ValueField* field(const std::string& key) const;

 Q_SIGNALS:
  void toggleAsked();
  void changeAsked(const std::string& key, const QString& value);
  void left();

 private:
  struct Row {
    ValueField* field = nullptr;
    Label* note = nullptr;
  };
  void rebuild();
  void addRow(QVBoxLayout* rows, const model::AgentSetting& setting);
  void fillFacts(base::TimePoint now);
  void fillRow(const model::AgentSetting& setting);

  const theme::Theme& m_theme;
  const bool m_mayOperate;
  model::AgentStatus m_agent;
  KeyButton* m_toggle;
  FieldList* m_facts;
  Label* m_noSettings;
  QWidget* m_settings = nullptr;
  std::map<std::string, Row> m_rows;
};

/// "low, medium, high" as its words; empty when `allowed` is not such a list.
QStringList allowedWords(const std::string& allowed);

}  // namespace aiops::ui
