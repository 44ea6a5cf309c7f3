// The figures of each day as a table: what the charts show, for reading out and for exact values.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "model/learning.h"

namespace aiops::ui {

/// Newest day first. UI thread only.
class DayModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Day, Incidents, Worked, Undone, Recovery, ColumnCount };
  using QAbstractTableModel::QAbstractTableModel;

  void setDays(std::vector<model::Metrics::Day> oldestFirst);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString textOf(const model::Metrics::Day& day, int column) const;
  std::vector<model::Metrics::Day> m_days;
};

/// "4.2 min" of minutes.
QString minutesText(double minutes);

}  // namespace aiops::ui
