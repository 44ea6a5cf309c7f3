// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/day_table.h"

#include <algorithm>

#include "models/cell_text.h"
#include "models/display.h"

namespace aiops::ui {

QString minutesText(double minutes) {
  return spanText(std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(minutes * 60)));
}

void DayModel::setDays(std::vector<model::Metrics::Day> oldestFirst) {
  beginResetModel();
  m_days = std::move(oldestFirst);
  std::reverse(m_days.begin(), m_days.end());
  endResetModel();
}

int DayModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_days.size());
}

int DayModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString DayModel::textOf(const model::Metrics::Day& day, int column) const {
  switch (column) {
    case Day:
      return dateText(day.day);
    case Incidents:
      return countText(day.incidents);
    case Worked:
      return countText(day.worked);
    case Undone:
      return countText(day.undone);
    case Recovery:
      return day.mttrMinutes ? minutesText(*day.mttrMinutes) : tr("none");
    default:
      return {};
  }
}

QVariant DayModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& day = m_days[static_cast<size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return textOf(day, index.column());
    case cell::Id:
      return dateText(day.day);
    case cell::Mono:
      return true;
    case Qt::TextAlignmentRole:
      return static_cast<int>(index.column() == Day ? Qt::AlignLeft : Qt::AlignRight);
    case Qt::AccessibleTextRole:
      if (index.column() != Day) return textOf(day, index.column());
      return tr("%1: %2 incidents, %3 fixes worked, %4 undone, time to recover %5")
          .arg(textOf(day, Day), textOf(day, Incidents), textOf(day, Worked), textOf(day, Undone),
               textOf(day, Recovery));
    default:
      return {};
  }
}

QVariant DayModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((section == Day ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Day:
      return tr("Day, UTC");
    case Incidents:
      return tr("Incidents");
    case Worked:
      return tr("Worked");
    case Undone:
      return tr("Undone");
    case Recovery:
      return tr("Time to recover");
    default:
      return {};
  }
}

}  // namespace aiops::ui
