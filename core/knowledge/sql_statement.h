// The tables, conditions and order of one statement.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/sql_conditions.h"

namespace aiops::knowledge {

struct SqlTable {
  std::string schema;  ///< or empty
  std::string name;
  std::string alias;  ///< or empty
  bool operator==(const SqlTable&) const = default;
  /// True when a column with this qualifier may be of the table.
  bool isCalled(std::string_view qualifier) const { return qualifier == (alias.empty() ? name : alias); }
};

struct SqlOrder {
  SqlColumn column;
  bool descending = false;
  bool operator==(const SqlOrder&) const = default;
};

struct SqlStatement {
  std::vector<SqlTable> tables;  ///< in the order of the text
  SqlConditions conditions;      ///< of WHERE and of inner joins
  std::vector<SqlOrder> order;   ///< empty when it is by more than columns
  std::string refusal;           ///< why the statement is not read, or empty
};

/// Reads SELECT, UPDATE and DELETE over tables. Anything more involved is refused: a set of queries, one
/// inside of another, a common table expression.
SqlStatement readStatement(std::string_view sql);

/// "orders", "public.orders o", `"Order Items"`.
SqlTable readTable(std::string_view text);

/// "created_at DESC, id": what a sort is by; nothing when it is by more than columns.
std::vector<SqlOrder> readOrder(std::string_view text);

}  // namespace aiops::knowledge
