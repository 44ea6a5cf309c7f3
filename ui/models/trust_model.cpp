// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trust_model.h"

#include <algorithm>
#include <tuple>

#include "models/cell_text.h"
#include "models/display.h"
#include "models/learning_data.h"
#include "theme/theme.h"

namespace aiops::ui {
namespace {

bool lessBy(const model::Trust& a, const model::Trust& b, int column) {
  switch (column) {
    case TrustModel::Service:
      return std::tie(a.context, a.playbookId) < std::tie(b.context, b.playbookId);
    case TrustModel::Worked:
      return std::tie(a.tried, a.worked, b.playbookId) < std::tie(b.tried, b.worked, a.playbookId);
    case TrustModel::Interval:
      return std::tie(a.low, a.mean, b.playbookId) < std::tie(b.low, b.mean, a.playbookId);
    case TrustModel::Likely:
      return std::tie(a.mean, a.low, b.playbookId) < std::tie(b.mean, b.low, a.playbookId);
    default:
      return std::tie(a.playbookId, a.context) < std::tie(b.playbookId, b.context);
  }
}

QString keyOf(const model::Trust& trust) {
  return QString::fromStdString(trust.playbookId + '\n' + trust.context);
}

}  // namespace

void TrustModel::setTrusts(std::vector<model::Trust> trusts) {
  const auto before = std::exchange(m_rows, std::move(trusts));
  arrange();
  const bool same = std::equal(before.begin(), before.end(), m_rows.begin(), m_rows.end(),
                               [](const auto& a, const auto& b) { return keyOf(a) == keyOf(b); });
  if (same) {
    if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    return;
  }
  beginResetModel();
  endResetModel();
}

void TrustModel::sort(int column, Qt::SortOrder order) {
  m_column = column;
  m_order = order;
  Q_EMIT layoutAboutToBeChanged();
  const QModelIndexList kept = persistentIndexList();
  QStringList keys;
  for (const auto& index : kept) keys += keyOf(at(index.row()));
  arrange();
  QModelIndexList moved;
  for (qsizetype i = 0; i < kept.size(); ++i) {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const auto& trust) { return keyOf(trust) == keys[i]; });
    moved += index(static_cast<int>(found - m_rows.begin()), kept[i].column());
  }
  changePersistentIndexList(kept, moved);
  Q_EMIT layoutChanged();
}

void TrustModel::arrange() {
  std::stable_sort(m_rows.begin(), m_rows.end(), [this](const auto& a, const auto& b) {
    return m_order == Qt::AscendingOrder ? lessBy(a, b, m_column) : lessBy(b, a, m_column);
  });
}

int TrustModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TrustModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString TrustModel::textOf(const model::Trust& trust, int column) const {
  switch (column) {
    case Playbook:
      return cellText(trust.playbookId, 96);
    case Service: {
      const Where where = whereOf(trust.context);
      return where.cause.isEmpty() ? where.service : tr("%1: %2").arg(where.service, where.cause);
    }
    case Worked:
      return tr("%1 of %2").arg(trust.worked).arg(trust.tried);
    case Likely:
      return shareText(trust.mean);
    case Interval:
      return tr("%1 to %2").arg(shareText(trust.low), shareText(trust.high));
    default:
      return {};
  }
}

QVariant TrustModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& trust = at(index.row());
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return textOf(trust, column);
    case cell::Id:
      return keyOf(trust);
    case cell::Mono:
      return column != Service;
    case cell::Ink:
      return static_cast<int>(column == Playbook ? theme::Token::Text : theme::Token::Text2);
    case Qt::TextAlignmentRole:
      return static_cast<int>(column == Worked || column == Likely ? Qt::AlignRight : Qt::AlignLeft);
    case Qt::AccessibleTextRole:
      if (column != Playbook) return textOf(trust, column);
      return tr("%1, %2, worked %3, likely %4, between %5")
          .arg(textOf(trust, Playbook), textOf(trust, Service), textOf(trust, Worked), textOf(trust, Likely),
               textOf(trust, Interval));
    default:
      return {};
  }
}

QVariant TrustModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  // Left also above numbers: the mark of the sort order stands at the right.
  if (role == Qt::TextAlignmentRole) return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Playbook:
      return tr("Playbook");
    case Service:
      return tr("Where");
    case Worked:
      return tr("Worked");
    case Interval:
      return tr("Likely between");
    case Likely:
      return tr("Likely");
    default:
      return {};
  }
}

}  // namespace aiops::ui
