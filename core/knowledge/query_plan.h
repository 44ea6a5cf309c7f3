// What PostgreSQL's EXPLAIN and auto_explain write, as text or as JSON.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/sql_statement.h"

namespace aiops::knowledge {

struct PlanNode {
  int parent = -1;    ///< index in the plan; -1: the root
  std::string type;   ///< "Seq Scan", "Nested Loop"; without "Parallel"
  SqlTable table;     ///< of a scan
  std::string index;  ///< that it uses, or empty
  std::string filter;
  std::string indexCondition;
  std::string joinFilter;
  std::vector<std::string> sortKeys;
  double plannedRows = 0;
  std::optional<double> rows;     ///< those it gave, of each of the loops; none: it was not measured
  std::optional<double> removed;  ///< by the filter, of each of the loops
  std::optional<double> joinRemoved;
  double loops = 1;
};

struct QueryPlan {
  std::string statement;        ///< "Query Text", or empty
  std::vector<PlanNode> nodes;  ///< a parent before its children
};

/// Reads what stands behind "plan:". Nothing when it is no plan, was cut off in JSON, or has more than 2000
/// nodes. A text that was cut off gives the nodes up to there; the last one may lack properties.
std::optional<QueryPlan> readQueryPlan(std::string_view text);

}  // namespace aiops::knowledge
