// A slow statement as a database tells of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "knowledge/query_plan.h"

namespace aiops::knowledge {

struct SlowStatement {
  SqlDialect dialect = SqlDialect::PostgreSql;
  double milliseconds = 0;
  std::string sql;                               ///< or empty: only its duration was told
  std::optional<QueryPlan> plan;                 ///< of auto_explain
  std::string database;                          ///< MySQL: what `use` named, or empty
  std::optional<double> rowsExamined, rowsSent;  ///< MySQL
};

/// Reads a whole entry: PostgreSQL's "duration: 1198.307 ms  statement: ..." (also execute, parse, bind and
/// plan, as text or in its JSON log), or an entry of MySQL's slow log. Nothing for any other entry.
std::optional<SlowStatement> readSlowStatement(std::string_view entry);

}  // namespace aiops::knowledge
