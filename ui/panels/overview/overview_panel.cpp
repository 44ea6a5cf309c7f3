// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/overview/overview_panel.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPointer>
#include <algorithm>

#include "models/overview_data.h"
#include "panels/overview/lists.h"
#include "panels/overview/needs_card.h"
#include "panels/overview/service_map.h"
#include "panels/overview/tile.h"
#include "widgets/charts.h"
#include "widgets/keys.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::Token;
namespace grid = theme::grid;

namespace {

constexpr int kTileRow = 112, kTileRowLow = 86, kLowPanel = 680;

QStringList hourLabels() {
  QStringList labels;
  const QDateTime now = QDateTime::currentDateTimeUtc();
  for (int i = 0; i < 24; ++i) {
    const int hour = now.addSecs(-3600 * (23 - i)).time().hour();
    labels << (i == 23                   ? StackedBars::tr("now")
               : hour % 6 == 3 && i < 21 ? QStringLiteral("%1:00").arg(hour, 2, 10, QLatin1Char('0'))
                                         : QString());
  }
  return labels;
}

/// Sizes that follow the stretch, not the contents.
void freeWidth(QWidget* widget) {
  widget->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
  widget->setMinimumHeight(0);
}

}  // namespace

OverviewPanel::OverviewPanel(theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge) {
  build();
  bindKeys();
  connect(&bridge, &EngineBridge::statusChanged, this, &OverviewPanel::refreshStatus);
  connect(&bridge, &EngineBridge::statusChanged, this, &OverviewPanel::refreshFigures);
  connect(&bridge, &EngineBridge::incidentsChanged, this, &OverviewPanel::refreshIncidents);
  connect(&bridge, &EngineBridge::fixesChanged, this, &OverviewPanel::refreshFigures);
  connect(&bridge, &EngineBridge::outcomesChanged, this, &OverviewPanel::refreshFigures);
  refreshStatus();
  refreshIncidents();
  refreshFigures();
}

void OverviewPanel::activate(const QString&) {
  m_needs->list()->setFocus();
}

QHBoxLayout* OverviewPanel::buildTop() {
  m_needs = new NeedsCard(m_theme, m_bridge, this);
  m_mapCard = new Card(m_theme, tr("Services"), this);
  m_map = new ServiceMap(m_theme, m_mapCard);
  m_mapCard->body()->addWidget(m_map, 1);
  connect(m_needs, &NeedsCard::openFix, this, &OverviewPanel::openFix);
  auto* row = new QHBoxLayout;
  row->setSpacing(grid::kCardGap);
  row->addWidget(m_needs, 565);
  row->addWidget(m_mapCard, 435);
  for (QWidget* card : {static_cast<QWidget*>(m_needs), static_cast<QWidget*>(m_mapCard)}) freeWidth(card);
  return row;
}

QHBoxLayout* OverviewPanel::buildMiddle() {
  m_openTile = new Tile(m_theme, tr("Open incidents"), Token::Error, this);
  m_recoverTile = new Tile(m_theme, tr("Time to recover"), Token::Accent, this);
  m_fixTile = new Tile(m_theme, tr("Fixes that worked"), Token::Accent, this);
  m_hoursCard = new Card(m_theme, tr("Incidents per hour, last 24 h"), this);
  m_hours = new StackedBars(m_theme, m_hoursCard);
  m_hours->setAccessibleName(tr("Incidents per hour, last 24 h"));
  m_hoursCard->body()->addWidget(m_hours, 1);
  auto* row = new QHBoxLayout;
  row->setSpacing(grid::kCardGap);
  for (Tile* tile : {m_openTile, m_recoverTile, m_fixTile}) {
    row->addWidget(tile, 170);
    freeWidth(tile);
  }
  row->addWidget(m_hoursCard, 490);
  freeWidth(m_hoursCard);
  return row;
}

QHBoxLayout* OverviewPanel::buildBottom() {
  m_sources = new SourcesCard(m_theme, m_bridge, this);
  m_agents = new AgentsCard(m_theme, m_bridge, this);
  m_recently = new RecentlyCard(m_theme, m_bridge, this);
  connect(m_recently, &RecentlyCard::openIncident, this, &OverviewPanel::openIncident);
  connect(m_recently, &RecentlyCard::openFix, this, &OverviewPanel::openFix);
  connect(m_sources, &SourcesCard::openSource, this,
          [this](const QString& source) { Q_EMIT openLogLine(source, 0); });
  auto* row = new QHBoxLayout;
  row->setSpacing(grid::kCardGap);
  row->addWidget(m_sources, 36);
  row->addWidget(m_agents, 27);
  row->addWidget(m_recently, 37);
  for (Card* card : std::initializer_list<Card*>{m_sources, m_agents, m_recently}) freeWidth(card);
  return row;
}

void OverviewPanel::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(grid::kPageMargin, grid::kPageMargin, grid::kPageMargin, grid::kPageMargin);
  column->setSpacing(grid::kCardGap);
  column->addLayout(buildTop(), 51);
  column->addLayout(buildMiddle());
  column->addLayout(buildBottom(), 49);
}

void OverviewPanel::bindKeys() {
  bindKey(this, Qt::Key_M, [this] { m_map->setFocus(); });
  bindKey(this, Qt::Key_W, [this] { m_recently->setFocus(); });
  bindPanes(this, {m_needs, m_map, m_sources, m_agents, m_recently});
}

std::vector<KeyHelp> OverviewPanel::keyHelp() const {
  return {{tr("Enter"), tr("review the first decision, or open what is selected")},
          {tr("M"), tr("map of the services; arrows walk it")},
          {tr("W"), tr("what happened recently")}};
}

void OverviewPanel::resizeEvent(QResizeEvent*) {
  const int tall = height() < kLowPanel ? kTileRowLow : kTileRow;
  for (QWidget* tile : {static_cast<QWidget*>(m_openTile), static_cast<QWidget*>(m_recoverTile),
                        static_cast<QWidget*>(m_fixTile), static_cast<QWidget*>(m_hoursCard)}) {
    tile->setFixedHeight(tall);
  }
  m_hoursCard->setVisible(tall == kTileRow);
}

void OverviewPanel::refreshStatus() {
  m_needs->refresh();
  m_sources->refresh();
  m_agents->refresh();
  refreshMap();
}

void OverviewPanel::refreshIncidents() {
  askForOpenIncident();
  refreshFigures();
}

void OverviewPanel::refreshFigures() {
  const base::TimePoint now = base::SystemClock().now();
  const Figures figures = figuresOf(m_bridge, now);
  m_openTile->set(QString::number(figures.open), tr("7 days: %1").arg(figures.lastWeek), figures.perDay);
  if (figures.recover) {
    m_recoverTile->set(durationText(*figures.recover), tr("median of %1").arg(figures.recoverTimes.size()),
                       figures.recoverTimes);
  } else {
    m_recoverTile->set({}, tr("needs 3 incidents"), {});
  }
  if (figures.tried >= 3) {
    m_fixTile->set(percentText(static_cast<double>(figures.worked) / static_cast<double>(figures.tried)),
                   tr("%1 of %2 fixes").arg(figures.worked).arg(figures.tried), {});
  } else {
    m_fixTile->set(
        {}, figures.tried == 0 ? tr("none tried yet") : tr("%1 of 3 cases so far").arg(figures.tried), {});
  }
  m_hours->setBuckets(incidentsPerHour(m_bridge.incidents(), now), hourLabels());
  m_needs->refresh();
  m_recently->refresh();
}

void OverviewPanel::askForOpenIncident() {
  const auto& rows = m_bridge.incidents();
  const auto open = std::find_if(rows.begin(), rows.end(),
                                 [](const auto& row) { return !model::isClosed(row.incident.state); });
  m_openId = open == rows.end() ? std::string() : open->incident.id.str();
  if (m_openId.empty()) {
    m_open.reset();
    return refreshMap();
  }
  m_bridge.investigation(m_openId,
                         [self = QPointer(this), id = m_openId](base::Result<service::Investigation> result) {
                           if (!self || id != self->m_openId) return;
                           if (result) self->m_open = *std::move(result);
                           self->refreshMap();
                         });
}

void OverviewPanel::refreshMap() {
  auto services = serviceMap(m_bridge.status(), m_open ? &*m_open : nullptr);
  const auto affected = std::count_if(services.begin(), services.end(), [](const auto& node) {
    return node.health >= ServiceHealth::Degraded;
  });
  const auto blind = std::count_if(services.begin(), services.end(),
                                   [](const auto& node) { return node.health == ServiceHealth::NoLogs; });
  m_mapCard->setCaption(affected == 0 ? tr("none affected") : tr("%1 affected").arg(affected));
  QString total = tr("%1 services").arg(services.size());
  if (blind > 0) total += tr(", %1 without logs").arg(blind);
  m_mapCard->setTrailing(total);
  m_map->setServices(std::move(services));
}

}  // namespace aiops::ui
