// What is known, a row a fact: what, from where, how sure, when last seen.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/knowledge_data.h"
#include "widgets/row_list.h"

namespace aiops::ui {

class FactList final : public RowList {
  Q_OBJECT
 public:
  explicit FactList(const theme::Theme& theme, QWidget* parent = nullptr);

  /// Of one node, or all.
  void setFacts(KnowledgeSnapshot known, const std::string& node, base::TimePoint now);
  /// Null when there is none.
  const model::KnowledgeEdge* current() const;

 private:
  void paintFact(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  const theme::Theme& m_theme;
  KnowledgeSnapshot m_data = std::make_shared<const KnowledgeData>();
  std::vector<const model::KnowledgeEdge*> m_facts;  ///< of m_data
  base::TimePoint m_now;
};

}  // namespace aiops::ui
