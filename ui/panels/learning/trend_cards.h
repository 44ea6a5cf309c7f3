// How well confidence fits, and time to recover: two charts, or the same as tables.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

#include "model/calibration.h"
#include "model/learning.h"
#include "theme/theme.h"
#include "widgets/data_table.h"

namespace aiops::ui {

class Card;
class DayChart;
class FigureModel;
class Label;
class ReliabilityCard;

/// T turns charts into tables and back. A chart with too few cases says how many there are instead.
class TrendCards final : public QStackedWidget {
  Q_OBJECT
 public:
  TrendCards(const theme::Theme& theme, QWidget* parent = nullptr);
  void setMetrics(const model::Metrics& metrics);
  void setCalibration(const model::CalibrationReport& report);
  void turn();
  bool showsTable() const { return currentIndex() == 1; }
  /// By day.
  DataTable& table() { return *m_table; }

 private:
  QWidget* buildCharts();
  QWidget* buildTables();
  Card* buildRecovery();
  DataTable* addTable(Card& card, const QString& name, FigureModel*& model, const QStringList& headers,
                      std::vector<DataTable::Column> columns);
  void point(int day);

  const theme::Theme& m_theme;
  ReliabilityCard* m_reliability = nullptr;
  Card* m_recoveryCard = nullptr;
  DayChart* m_recovery = nullptr;
  Label* m_few = nullptr;
  QString m_caption;
  FigureModel* m_days = nullptr;
  FigureModel* m_bins = nullptr;
  FigureModel* m_analysts = nullptr;
  DataTable* m_table = nullptr;
  model::Metrics m_metrics;
};

}  // namespace aiops::ui
