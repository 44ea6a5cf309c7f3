// The list of incidents: one row each, newest first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "service/operations.h"
#include "widgets/data_table.h"

namespace aiops::ui {

/// Rows of InvestigationSummary, by UUID. Cells give their text (safe, translated) as DisplayRole; the whole
/// row is the AccessibleTextRole of its first cell. UI thread only.
class IncidentModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Severity, Number, Title, Services, State, Cause, Started, OpenFor, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;

  /// The same incidents in the same order change in place; else all rows are new (select by id again).
  void setSummaries(const std::vector<service::InvestigationSummary>& summaries, bool trackRecord,
                    base::TimePoint now);
  const service::InvestigationSummary& at(int row) const { return m_rows[static_cast<size_t>(row)]; }
  /// The UUID of an incident by that or by INC-0231, or empty.
  QString idOf(const QString& name) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString textOf(const service::InvestigationSummary& summary, int column) const;

  std::vector<service::InvestigationSummary> m_rows;
  bool m_trackRecord = false;
  base::TimePoint m_now;
};

/// The table itself. Columns hide by priority when it is narrow.
class IncidentTable final : public DataTable {
  Q_OBJECT
 public:
  IncidentTable(const theme::Theme& theme, IncidentModel& model, QWidget* parent = nullptr);
};

}  // namespace aiops::ui
