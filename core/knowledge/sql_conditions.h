// Which columns a condition in SQL looks rows up by.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "knowledge/sql_text.h"

namespace aiops::knowledge {

struct SqlColumn {
  std::string qualifier;  ///< alias or table, or empty
  std::string name;
  bool operator==(const SqlColumn&) const = default;
};

enum class ColumnUse : uint8_t {
  Equal,   ///< one value or a list of them, or IS NULL
  Range,   ///< <, >, BETWEEN
  Prefix,  ///< LIKE 'abc%'
  Sort,    ///< it gives the order
};

/// A condition that a B-tree index can serve.
struct ColumnCondition {
  SqlColumn column;
  ColumnUse use = ColumnUse::Equal;
  std::optional<SqlColumn> other;  ///< it equals this column of another table
  bool asText = false;             ///< it was compared as text: (status)::text = 'open'::text
  bool operator==(const ColumnCondition&) const = default;
};

/// All of them must hold at once.
struct SqlConditions {
  std::vector<ColumnCondition> usable;
  std::vector<std::string> unusable;  ///< one text each: what no index on a column alone can serve, and why
  bool understood = true;             ///< false: not read to its end, then the lists are empty
};

/// Reads the expression behind WHERE, ON or in a plan's Filter. Linear; nesting is bounded. Operators that it
/// does not know, functions of columns and OR between columns give no usable condition.
SqlConditions sqlConditions(std::span<const SqlToken> expression);

}  // namespace aiops::knowledge
