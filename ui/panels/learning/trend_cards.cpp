// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/trend_cards.h"

#include <QHBoxLayout>

#include "charts/day_chart.h"
#include "models/display.h"
#include "models/figure_model.h"
#include "models/learning_data.h"
#include "panels/learning/reliability_card.h"
#include "widgets/card.h"

namespace aiops::ui {

TrendCards::TrendCards(const theme::Theme& theme, QWidget* parent) : QStackedWidget(parent), m_theme(theme) {
  addWidget(buildCharts());
  addWidget(buildTables());
}

QWidget* TrendCards::buildCharts() {
  auto* charts = new QWidget(this);
  auto* row = new QHBoxLayout(charts);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::grid::kCardGap);
  m_reliability = new ReliabilityCard(m_theme, charts);
  row->addWidget(m_reliability, 1);
  row->addWidget(buildRecovery(), 1);
  return charts;
}

Card* TrendCards::buildRecovery() {
  m_recoveryCard = new Card(m_theme, tr("Time to recover"), this);
  m_recovery = new DayChart(m_theme, m_recoveryCard);
  m_recoveryCard->body()->addWidget(m_recovery, 1);
  m_few = m_recoveryCard->addNote();
  m_recovery->hide();
  connect(m_recovery, &DayChart::pointed, this, &TrendCards::point);
  return m_recoveryCard;
}

QWidget* TrendCards::buildTables() {
  auto* tables = new QWidget(this);
  auto* row = new QHBoxLayout(tables);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::grid::kCardGap);
  auto* confidence = new Card(m_theme, tr("Confidence"), tables);
  addTable(*confidence, tr("What was told and how often it was right"), m_bins,
           {tr("Told"), tr("Mean"), tr("Right"), tr("90 % interval")},
           {{.width = 84, .stretch = true}, {.width = 52}, {.width = 72}, {.width = 104, .hideOrder = 1}});
  addTable(*confidence, tr("Analysts and how far each is believed"), m_analysts,
           {tr("Analyst"), tr("Right"), tr("Weight")},
           {{.width = 84, .stretch = true}, {.width = 72}, {.width = 60}});
  auto* days = new Card(m_theme, tr("By day"), tables);
  days->setTrailing(tr("T shows the charts"));
  m_table = addTable(*days, tr("Incidents and time to recover by day"), m_days,
                     {tr("Day, UTC"), tr("Incidents"), tr("Worked"), tr("Undone"), tr("Recovery")},
                     {{.width = 70, .stretch = true},
                      {.width = 72},
                      {.width = 64},
                      {.width = 64, .hideOrder = 1},
                      {.width = 76}});
  row->addWidget(confidence, 1);
  row->addWidget(days, 1);
  return tables;
}

DataTable* TrendCards::addTable(Card& card, const QString& name, FigureModel*& model,
                                const QStringList& headers, std::vector<DataTable::Column> columns) {
  model = new FigureModel(headers, this);
  auto* table = new DataTable(m_theme, model, std::move(columns), &card);
  table->setAccessibleName(name);
  card.body()->addWidget(table, 1);
  return table;
}

void TrendCards::point(int day) {
  const auto at = static_cast<size_t>(day);
  const bool has = day >= 0 && at < m_metrics.days.size() && m_metrics.days[at].mttrMinutes;
  m_recoveryCard->setCaption(
      has ? tr("%1: %2").arg(dateText(m_metrics.days[at].day), minutesText(*m_metrics.days[at].mttrMinutes))
          : m_caption);
}

void TrendCards::setMetrics(const model::Metrics& metrics) {
  m_metrics = metrics;
  m_days->setRows(dayRows(metrics.days));
  std::vector<DayValue> recovery;
  for (const auto& day : metrics.days) recovery.push_back({dateText(day.day), day.mttrMinutes});
  m_recovery->setDays(recovery, tr("min"), 1);
  const int cases = daysWithRecovery(metrics);
  const bool enough = cases >= kLeastCases;
  m_recovery->setVisible(enough);
  m_few->setVisible(!enough);
  m_few->setText(tr("%1 of %2 cases so far").arg(cases).arg(kLeastCases));
  m_caption = metrics.mttrMinutes ? tr("mean %1").arg(minutesText(*metrics.mttrMinutes)) : QString();
  m_recoveryCard->setCaption(m_caption);
  m_recoveryCard->setTrailing(enough ? tr("T") : QString());
  m_recovery->setAccessibleName(tr("Time to recover by day. T shows the table."));
}

void TrendCards::setCalibration(const model::CalibrationReport& report) {
  m_reliability->setReport(report);
  m_bins->setRows(binRows(report));
  m_analysts->setRows(analystRows(report));
}

void TrendCards::turn() {
  setCurrentIndex(showsTable() ? 0 : 1);
  if (showsTable()) m_table->setFocus();
}

}  // namespace aiops::ui
