// Success by playbook and place as a table that sorts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "model/fix.h"

namespace aiops::ui {

/// Rows of model::Trust. setTrusts() keeps the order that sort() chose last. UI thread only.
class TrustModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Playbook, Service, Worked, Interval, Likely, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;

  void setTrusts(std::vector<model::Trust> trusts);
  const model::Trust& at(int row) const { return m_rows[static_cast<size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  void sort(int column, Qt::SortOrder order) override;

 private:
  void arrange();
  QString textOf(const model::Trust& trust, int column) const;

  std::vector<model::Trust> m_rows;
  int m_column = Worked;
  Qt::SortOrder m_order = Qt::DescendingOrder;
};

}  // namespace aiops::ui
