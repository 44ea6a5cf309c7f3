// Incidents per day and time to recover: two charts, or the same as one table.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

#include "model/learning.h"
#include "theme/theme.h"

namespace aiops::ui {

class Card;
class DataTable;
class DayChart;
class DayModel;
class Label;

/// T turns charts into the table and back. A chart with too few cases says how many there are instead.
class TrendCards final : public QStackedWidget {
  Q_OBJECT
 public:
  TrendCards(const theme::Theme& theme, QWidget* parent = nullptr);
  void setMetrics(const model::Metrics& metrics);
  void turn();
  bool showsTable() const { return currentIndex() == 1; }
  DataTable& table() { return *m_table; }

 private:
  /// A card with a chart, and what stands in its place.
  struct Trend {
    Card* card = nullptr;
    DayChart* chart = nullptr;
    Label* few = nullptr;
    QString caption;
  };
  Trend makeTrend(const QString& title, bool bars);
  void fill(Trend& trend, int cases, const QString& caption);
  void point(Trend& trend, const QString& text);

  const theme::Theme& m_theme;
  Trend m_incidents, m_recovery;
  DayModel* m_days;
  DataTable* m_table;
  model::Metrics m_metrics;
};

}  // namespace aiops::ui
