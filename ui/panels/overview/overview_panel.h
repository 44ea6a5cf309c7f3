// What needs me now, then whether the rest is well.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHBoxLayout>
#include <optional>

#include "models/engine_bridge.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

class AgentsCard;
class Card;
class NeedsCard;
class RecentlyCard;
class ServiceMap;
class SourcesCard;
class StackedBars;
class Tile;

/// Keys: Enter review first, M map (arrows walk it), W recently, F6 next part.
class OverviewPanel : public Panel {
  Q_OBJECT
 public:
  OverviewPanel(theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Overview"); }
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;
  bool showsDecisions() const override { return true; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  QHBoxLayout* buildTop();
  QHBoxLayout* buildMiddle();
  QHBoxLayout* buildBottom();
  void bindKeys();
  void refreshStatus();
  void refreshIncidents();
  void refreshFigures();
  void refreshMap();
  void askForOpenIncident();

  theme::Theme& m_theme;
  EngineBridge& m_bridge;
  std::optional<service::Investigation> m_open;  ///< the newest open incident
  std::string m_openId;
  NeedsCard* m_needs;
  Card* m_mapCard;
  ServiceMap* m_map;
  Tile *m_openTile, *m_recoverTile, *m_fixTile;
  Card* m_hoursCard;
  StackedBars* m_hours;
  SourcesCard* m_sources;
  AgentsCard* m_agents;
  RecentlyCard* m_recently;
};

}  // namespace aiops::ui
