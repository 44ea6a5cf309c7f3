// Which index a slow statement lacks, from its plan or from its text alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/query_plan.h"

namespace aiops::knowledge {

struct IndexColumn {
  std::string name;
  ColumnUse use = ColumnUse::Equal;
  bool descending = false;
  bool asText = false;  ///< it was compared as text
  bool operator==(const IndexColumn&) const = default;
};

struct IndexNeed {
  SqlTable table;
  std::vector<IndexColumn> columns;  ///< what must equal, then a range or the order; empty: see `refusal`
  std::string refusal;               ///< why no index is proposed, or empty
  std::vector<std::string> notes;    ///< what else is to be known
  std::string condition;             ///< as the plan has it, or empty
  std::string usedIndex;             ///< the one that was used and does not help enough, or empty
  double rowsRead = 0;               ///< over all loops; 0: not measured
  double rowsThrownAway = 0;
};

/// The scans of a plan that read far more than they give: at least kMostlyThrownAway of at least kManyRows
/// rows. Without measured rows every filtered scan that was expected to give few rows counts, which a note
/// says.
std::vector<IndexNeed> needsOfPlan(const QueryPlan& plan);
inline constexpr double kMostlyThrownAway = 0.8;
inline constexpr double kManyRows = 5000;

/// What the statement's text lets suppose: of its tables the one with the most conditions.
IndexNeed needOfStatement(const SqlStatement& statement);

/// `CREATE INDEX CONCURRENTLY ON "orders" ("customer_id");`. Nothing where a name is not a plain one
/// (quotedSqlName), or there is no column. `database`: what MySQL was told to use, or empty.
std::optional<std::string> createIndex(const IndexNeed& need, SqlDialect dialect,
                                       std::string_view database = {});

}  // namespace aiops::knowledge
