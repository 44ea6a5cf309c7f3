// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/figure_model.h"

#include "models/cell_text.h"

namespace aiops::ui {

FigureModel::FigureModel(QStringList headers, QObject* parent)
    : QAbstractTableModel(parent), m_headers(std::move(headers)) {}

void FigureModel::setRows(std::vector<FigureRow> rows) {
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

int FigureModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FigureModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_headers.size());
}

QVariant FigureModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& row = m_rows[static_cast<size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return row.cells.value(index.column());
    case cell::Id:
      return row.cells.value(0);
    case cell::Mono:
      return true;
    case Qt::TextAlignmentRole:
      return static_cast<int>(index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight);
    case Qt::AccessibleTextRole:
      return index.column() == 0 ? row.spoken : row.cells.value(index.column());
    default:
      return {};
  }
}

QVariant FigureModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return role == Qt::DisplayRole ? m_headers.value(section) : QVariant();
}

}  // namespace aiops::ui
