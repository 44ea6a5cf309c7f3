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

/// In the order of the rail. What is not built has no row in the table.
enum class PanelId {
  Overview,
  Logs,
  Investigations,
  Approvals,
  Patterns,
  Learning,
  Knowledge,
  Agents,
  QuietTimes,
  Audit,
  Settings
};
/// Watch, shape, run: the rail draws a line between them.
enum class PanelGroup { Watch, Shape, Run };

struct PanelEntry {
  PanelId id;
  QString title;   ///< translated
  QString icon;    ///< name in resources/icons
  Qt::Key letter;  ///< after G; Alt+number is the place in the table
  std::function<Panel*(theme::Theme&, EngineBridge&, QWidget*)> make;
  PanelGroup group = PanelGroup::Watch;
};

/// In the order of the rail.
std::vector<PanelEntry> panelTable();
/// The key that opens the panel at `place` of the table, with Alt: 1 to 9, then 0 and minus.
Qt::Key panelDigit(size_t place);

}  // namespace aiops::ui
