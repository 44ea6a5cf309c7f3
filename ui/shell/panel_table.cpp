// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/panel_table.h"

#include <QCoreApplication>

#include "panels/agents/agents_panel.h"
#include "panels/approvals/approvals_panel.h"
#include "panels/audit/audit_panel.h"
#include "panels/investigations/investigations_panel.h"
#include "panels/knowledge/knowledge_panel.h"
#include "panels/learning/learning_panel.h"
#include "panels/logs/logs_panel.h"
#include "panels/overview/overview_panel.h"
#include "panels/patterns/patterns_panel.h"
#include "panels/quiet/quiet_panel.h"
#include "panels/settings/settings_panel.h"

namespace aiops::ui {
namespace {

template <class T>
Panel* make(theme::Theme& theme, EngineBridge& bridge, QWidget* parent) {
  return new T(theme, bridge, parent);
}

struct Words {
  Q_DECLARE_TR_FUNCTIONS(PanelTable)
};

}  // namespace

std::vector<PanelEntry> panelTable() {
  return {
      {PanelId::Overview, Words::tr("Overview"), QStringLiteral("overview"), Qt::Key_O, make<OverviewPanel>},
      {PanelId::Logs, Words::tr("Logs"), QStringLiteral("logs"), Qt::Key_L, make<LogsPanel>},
      {PanelId::Investigations, Words::tr("Investigations"), QStringLiteral("investigations"), Qt::Key_I,
       make<InvestigationsPanel>},
      {PanelId::Approvals, Words::tr("Approvals"), QStringLiteral("approvals"), Qt::Key_A,
       make<ApprovalsPanel>},
      {PanelId::Patterns, Words::tr("Patterns"), QStringLiteral("pattern"), Qt::Key_P, make<PatternsPanel>,
       PanelGroup::Shape},
      {PanelId::Learning, Words::tr("Learning"), QStringLiteral("learning"), Qt::Key_E, make<LearningPanel>,
       PanelGroup::Shape},
      {PanelId::Knowledge, Words::tr("Knowledge"), QStringLiteral("knowledge"), Qt::Key_K,
       make<KnowledgePanel>, PanelGroup::Shape},
      {PanelId::Agents, Words::tr("Agents"), QStringLiteral("agent"), Qt::Key_G, make<AgentsPanel>,
       PanelGroup::Run},
      {PanelId::QuietTimes, Words::tr("Quiet times"), QStringLiteral("quiet"), Qt::Key_Q, make<QuietPanel>,
       PanelGroup::Run},
      {PanelId::Audit, Words::tr("Audit"), QStringLiteral("audit"), Qt::Key_U, make<AuditPanel>,
       PanelGroup::Run},
      {PanelId::Settings, Words::tr("Settings"), QStringLiteral("settings"), Qt::Key_S, make<SettingsPanel>,
       PanelGroup::Run},
  };
}

Qt::Key panelDigit(size_t place) {
  constexpr size_t kNines = 9;
  if (place < kNines) return static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(place));
  return place == kNines ? Qt::Key_0 : Qt::Key_Minus;
}

}  // namespace aiops::ui
