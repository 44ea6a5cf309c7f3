// The panels of the console: one row each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QString>
#include <functional>
#include <vector>

#include "models/engine_bridge.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

enum class PanelId { Overview, Logs, Investigations, Approvals };

struct PanelEntry {
  PanelId id;
  QString title;   ///< translated
  QString icon;    ///< name in resources/icons
  Qt::Key letter;  ///< after G; Alt+number is the place in the table
  std::function<Panel*(theme::Theme&, EngineBridge&, QWidget*)> make;
};

/// In the order of the rail.
std::vector<PanelEntry> panelTable();

}  // namespace aiops::ui
