// What failures of this kind turned out to be, from the knowledge graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/analyst.h"
#include "knowledge/graph.h"

namespace aiops::analysis {

/// Speaks of a cause when at least two incidents, in which a person or a checked fix said so, had it in that
/// service, or had a sign that the service shows now. What the analysts alone found, what agents and files
/// state, and what an operator called wrong is not heard.
///
/// History tells of the single incidents that are most alike, and these are among those counted here. So what
/// this one adds stays small (0.6 at most, where History may reach 0.95), and both together count as one
/// voice where independent ones are wanted.
class KnowledgeAnalyst final : public Analyst {
 public:
  explicit KnowledgeAnalyst(const knowledge::Graph& graph) : m_graph(graph) {}
  std::string name() const override { return "Knowledge"; }
  bool remembers() const override { return true; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const knowledge::Graph& m_graph;
};

}  // namespace aiops::analysis
