// The knowledge graph as the console tells it: names, facts and where they come from, in words.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/knowledge_view.h"

namespace aiops::ui {

/// "Service", "Services", "failed by".
QString nodeTypeWord(model::NodeType type);
QString nodeTypePlural(model::NodeType type);
QString relationWords(model::Relation relation);
/// In the order in which they are listed and stand from left to right.
const std::vector<model::NodeType>& nodeTypeOrder();

/// One answer of the engine with its nodes and facts by id; does not change, so those who show it share it.
/// All texts are safe to show.
class KnowledgeData {
 public:
  KnowledgeData() = default;
  explicit KnowledgeData(model::KnowledgePage page);
  const model::KnowledgePage& page() const { return m_page; }
  bool empty() const { return m_page.nodes.empty(); }
  /// Null when there is none of that id.
  const model::KnowledgeNode* node(const std::string& id) const;
  const model::KnowledgeEdge* fact(const std::string& id) const;
  /// Of a node, the weightiest first; of all when `node` is empty.
  std::vector<const model::KnowledgeEdge*> factsOf(const std::string& node) const;
  std::vector<std::string> services() const;

  QString name(const std::string& node) const;
  /// "web failed by disk_full".
  QString factText(const model::KnowledgeEdge& fact) const;
  /// "web: service, 4 facts".
  QString nodeText(const model::KnowledgeNode& node) const;

 private:
  model::KnowledgePage m_page;
  std::map<std::string, size_t> m_nodes, m_facts;
};
/// Never null.
using KnowledgeSnapshot = std::shared_ptr<const KnowledgeData>;

/// "3 incidents", "configuration", "agent ci-bot".
QString factOrigin(const model::KnowledgeEdge& fact);
/// "last 22 Nov 20:35", or empty for what has no date.
QString factLast(const model::KnowledgeEdge& fact, base::TimePoint now);
/// What it counts for, and why: "Seen in 1 incident only: not used for diagnosis yet."
QString factState(const model::KnowledgeEdge& fact);
/// What is known around a node, a sentence a line: causes, cures, who needs whom. Empty for nothing.
QStringList aroundWords(const model::KnowledgeView& view);

}  // namespace aiops::ui
