// The knowledge graph as a tree: kinds, nodes, facts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardItemModel>

#include "models/knowledge_data.h"

namespace aiops::ui {

/// Rows have the roles of models/cell_text.h: a node's id, and below it the ids of its facts. Texts are safe
/// to show.
class KnowledgeOutline final : public QStandardItemModel {
  Q_OBJECT
 public:
  enum Role { NodeRole = Qt::UserRole + 200, FactRole };
  using QStandardItemModel::QStandardItemModel;

  void setData(const KnowledgeData& data, base::TimePoint now);
  /// The row of a node; invalid when there is none.
  QModelIndex indexOf(const QString& node) const;

 private:
  using QStandardItemModel::setData;
};

}  // namespace aiops::ui
