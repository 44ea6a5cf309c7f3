// Where the nodes of the knowledge graph stand.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <string>
#include <vector>

#include "models/knowledge_data.h"

namespace aiops::ui {

struct PlacedNode {
  std::string id;  ///< of a node; empty for the box that stands for those that are not drawn
  model::NodeType type = model::NodeType::Service;
  QRectF box;
  size_t hidden = 0;  ///< that this box stands for
};

/// A column for each type, from what fails to how it ended, hosts with the services; in a column those that
/// belong together stand near each other (mean place of the neighbours, a few sweeps). The same page gives
/// the same places: nothing moves by itself. Some 150 nodes take well under a frame.
class KnowledgeLayout {
 public:
  static constexpr size_t kMostDrawn = 150;

  /// Of more than `most` nodes the lightest are not drawn.
  explicit KnowledgeLayout(const model::KnowledgePage& page, size_t most = kMostDrawn);

  const std::vector<PlacedNode>& nodes() const { return m_nodes; }
  size_t hidden() const { return m_hidden; }

 private:
  using Column = std::vector<size_t>;  // places in the page
  std::vector<Column> columnsOf(const model::KnowledgePage& page, const std::vector<size_t>& drawn) const;
  void place(const model::KnowledgePage& page, const std::vector<Column>& columns,
             const std::vector<size_t>& hiddenOf);

  std::vector<PlacedNode> m_nodes;
  size_t m_hidden = 0;
};

}  // namespace aiops::ui
