// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/panel_table.h"

#include <QCoreApplication>

#include "panels/approvals/approvals_panel.h"
#include "panels/investigations/investigations_panel.h"
#include "panels/logs/logs_panel.h"
#include "panels/overview/overview_panel.h"

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
  };
}

}  // namespace aiops::ui
