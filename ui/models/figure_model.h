// Figures as a table: what a chart shows, for reading out and for exact values.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

namespace aiops::ui {

/// The cells of a row, and the row in one sentence. The first cell names it and is the same in no other.
struct FigureRow {
  QStringList cells;
  QString spoken;
};

/// The first column stands left, the others, figures, right. UI thread only.
class FigureModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  FigureModel(QStringList headers, QObject* parent);

  void setRows(std::vector<FigureRow> rows);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const QStringList m_headers;
  std::vector<FigureRow> m_rows;
};

}  // namespace aiops::ui
