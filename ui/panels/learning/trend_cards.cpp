// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/trend_cards.h"

#include <QHBoxLayout>

#include "charts/day_chart.h"
#include "models/display.h"
#include "models/learning_data.h"
#include "panels/learning/day_table.h"
#include "widgets/card.h"
#include "widgets/data_table.h"

namespace aiops::ui {

TrendCards::TrendCards(const theme::Theme& theme, QWidget* parent)
    : QStackedWidget(parent), m_theme(theme), m_days(new DayModel(this)) {
  auto* charts = new QWidget(this);
  auto* row = new QHBoxLayout(charts);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::grid::kCardGap);
  m_incidents = makeTrend(tr("Incidents"), true);
  m_recovery = makeTrend(tr("Time to recover"), false);
  row->addWidget(m_incidents.card, 1);
  row->addWidget(m_recovery.card, 1);
  addWidget(charts);
  auto* tableCard = new Card(theme, tr("By day"), this);
  tableCard->setTrailing(tr("T shows the charts"));
  m_table = new DataTable(
      theme, m_days,
      {{.width = 90, .stretch = true}, {.width = 80}, {.width = 76}, {.width = 76}, {.width = 124}},
      tableCard);
  m_table->setAccessibleName(tr("Incidents and time to recover by day"));
  tableCard->body()->addWidget(m_table);
  addWidget(tableCard);
  connect(m_incidents.chart, &DayChart::pointed, this, [this](int day) {
    const auto at = static_cast<size_t>(day);
    point(m_incidents,
          day < 0 || at >= m_metrics.days.size()
              ? QString()
              : tr("%1: %2").arg(dateText(m_metrics.days[at].day)).arg(m_metrics.days[at].incidents));
  });
  connect(m_recovery.chart, &DayChart::pointed, this, [this](int day) {
    const auto at = static_cast<size_t>(day);
    const bool has = day >= 0 && at < m_metrics.days.size() && m_metrics.days[at].mttrMinutes;
    point(m_recovery, has ? tr("%1: %2").arg(dateText(m_metrics.days[at].day),
                                             minutesText(*m_metrics.days[at].mttrMinutes))
                          : QString());
  });
}

TrendCards::Trend TrendCards::makeTrend(const QString& title, bool bars) {
  Trend trend;
  trend.card = new Card(m_theme, title, this);
  trend.chart = new DayChart(m_theme, bars ? DayChart::Kind::Bars : DayChart::Kind::Line, trend.card);
  trend.card->body()->addWidget(trend.chart, 1);
  trend.few = trend.card->addNote();
  trend.chart->hide();
  return trend;
}

void TrendCards::fill(Trend& trend, int cases, const QString& caption) {
  const bool enough = cases >= kLeastCases;
  trend.chart->setVisible(enough);
  trend.few->setVisible(!enough);
  trend.few->setText(tr("%1 of %2 cases so far").arg(cases).arg(kLeastCases));
  trend.caption = caption;
  trend.card->setCaption(caption);
  trend.card->setTrailing(enough ? tr("T") : QString());
}

void TrendCards::point(Trend& trend, const QString& text) {
  trend.card->setCaption(text.isEmpty() ? trend.caption : text);
}

void TrendCards::setMetrics(const model::Metrics& metrics) {
  m_metrics = metrics;
  m_days->setDays(metrics.days);
  std::vector<DayValue> incidents, recovery;
  for (const auto& day : metrics.days) {
    incidents.push_back({dateText(day.day), static_cast<double>(day.incidents)});
    recovery.push_back({dateText(day.day), day.mttrMinutes});
  }
  m_incidents.chart->setDays(incidents, {}, 0);
  m_recovery.chart->setDays(recovery, tr("min"), 1);
  fill(m_incidents, static_cast<int>(metrics.incidents),
       tr("a day, %1 in all").arg(countText(static_cast<qint64>(metrics.incidents))));
  fill(m_recovery, daysWithRecovery(metrics),
       metrics.mttrMinutes ? tr("minutes, mean %1").arg(minutesText(*metrics.mttrMinutes)) : tr("minutes"));
  m_incidents.chart->setAccessibleName(
      tr("Incidents a day, %1 in all. T shows the table.").arg(metrics.incidents));
  m_recovery.chart->setAccessibleName(tr("Time to recover by day. T shows the table."));
}

void TrendCards::turn() {
  setCurrentIndex(showsTable() ? 0 : 1);
  if (showsTable()) m_table->setFocus();
}

}  // namespace aiops::ui
