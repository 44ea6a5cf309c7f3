// The list of incidents: one row each, newest first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <vector>

#include "service/operations.h"
#include "theme/theme.h"

namespace aiops::ui {

/// Rows of InvestigationSummary. Cells give their text (safe, translated) as DisplayRole; the whole row is
/// the AccessibleTextRole of its first cell. UI thread only.
class IncidentModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Severity, Number, Title, Services, State, Cause, Started, OpenFor, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;

  /// The same incidents in the same order change in place; else all rows are new (select by id again).
  void setSummaries(const std::vector<service::InvestigationSummary>& summaries, bool trackRecord,
                    base::TimePoint now);
  const service::InvestigationSummary& at(int row) const { return m_rows[static_cast<size_t>(row)]; }
  /// The row of an incident by UUID or INC-0231, or -1.
  int rowOf(const QString& id) const;

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

/// The table itself: J K or arrows move, Enter or a double click opens. Columns hide by priority when narrow.
class IncidentTable final : public QTableView {
  Q_OBJECT
 public:
  IncidentTable(const theme::Theme& theme, IncidentModel& model, QWidget* parent = nullptr);
  QString currentId() const;
  void selectId(const QString& id);

 Q_SIGNALS:
  void opened(const QString& id);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void placeColumns();

  IncidentModel& m_model;
};

}  // namespace aiops::ui
