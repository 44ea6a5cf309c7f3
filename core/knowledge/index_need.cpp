// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/index_need.h"

#include <algorithm>
#include <set>

namespace aiops::knowledge {
namespace {

constexpr size_t kMostColumns = 4;  // more make an index large and serve few statements

bool has(const std::vector<IndexColumn>& columns, const std::string& name) {
  return std::ranges::any_of(columns, [&](const auto& column) { return column.name == name; });
}

void add(std::vector<IndexColumn>& columns, IndexColumn column) {
  if (!has(columns, column.name) && columns.size() < kMostColumns) columns.push_back(std::move(column));
}

/// Columns of the table, those that must equal first: an index can be searched by these and one range.
std::vector<IndexColumn> columnsOf(const SqlConditions& conditions, const SqlTable& table, bool alone) {
  std::vector<IndexColumn> columns;
  const auto ours = [&](const SqlColumn& column) {
    return column.qualifier.empty() ? alone : table.isCalled(column.qualifier);
  };
  for (const auto& condition : conditions.usable) {
    if (condition.use == ColumnUse::Equal && !condition.other && ours(condition.column))
      add(columns, {condition.column.name, ColumnUse::Equal, false, condition.asText});
  }
  for (const auto& condition : conditions.usable) {
    if (condition.use == ColumnUse::Equal || !ours(condition.column)) continue;
    add(columns, {condition.column.name, condition.use, false, condition.asText});
    break;
  }
  return columns;
}

bool endsInRange(const std::vector<IndexColumn>& columns) {
  return !columns.empty() && columns.back().use != ColumnUse::Equal;
}

void addOrder(std::vector<IndexColumn>& columns, const std::vector<SqlOrder>& order, const SqlTable& table,
              bool alone) {
  if (endsInRange(columns)) return;  // behind a range the index no longer gives the order
  for (const auto& by : order) {
    const bool ours = by.column.qualifier.empty() ? alone : table.isCalled(by.column.qualifier);
    if (!ours) return;
    add(columns, {by.column.name, ColumnUse::Sort, by.descending, false});
  }
}

SqlConditions conditionsIn(const std::string& text) {
  const auto tokens = sqlTokens(text);
  return sqlConditions(tokens);
}

void noteText(IndexNeed& need) {
  if (std::ranges::any_of(need.columns, &IndexColumn::asText))
    need.notes.emplace_back("compared as text: it serves columns of type text and varchar, no others");
}

/// Reads a plan's scans.
class PlanReader {
 public:
  explicit PlanReader(const QueryPlan& plan) : m_plan(plan) {}

  std::vector<IndexNeed> needs() const {
    std::vector<IndexNeed> all;
    std::set<int> parts;  // appends whose scans were told
    for (size_t i = 0; i < m_plan.nodes.size(); ++i) {
      const auto& node = m_plan.nodes[i];
      if (!isScan(node)) continue;
      auto need = needOf(node);
      if (!need) continue;
      if (isPart(node)) {
        if (!parts.insert(node.parent).second) continue;
        refusePart(*need);
      }
      all.push_back(*std::move(need));
    }
    return all;
  }

 private:
  static bool isScan(const PlanNode& node) {
    return !node.table.name.empty() && (node.type == "Seq Scan" || node.type.starts_with("Index Scan") ||
                                        node.type.starts_with("Bitmap Heap Scan"));
  }
  const PlanNode* parentOf(const PlanNode& node) const {
    return node.parent < 0 ? nullptr : &m_plan.nodes[static_cast<size_t>(node.parent)];
  }
  bool isPart(const PlanNode& node) const {
    const auto* parent = parentOf(node);
    return parent != nullptr && (parent->type == "Append" || parent->type == "Merge Append");
  }
  static void refusePart(IndexNeed& need) {
    need.refusal =
        "it is one of several tables that are read as one: if these are partitions, the index belongs on "
        "the partitioned table, and CONCURRENTLY works only on each part";
    need.columns.clear();
  }

  /// The join that reads this scan once for each row of its other side.
  const PlanNode* joinOver(const PlanNode& node) const {
    const auto* parent = parentOf(node);
    while (parent != nullptr && (parent->type == "Materialize" || parent->type == "Memoize"))
      parent = parentOf(*parent);
    return parent != nullptr && parent->type.starts_with("Nested Loop") && !parent->joinFilter.empty()
               ? parent
               : nullptr;
  }

  std::optional<IndexNeed> needOf(const PlanNode& node) const {
    IndexNeed need{.table = node.table, .condition = node.filter, .usedIndex = node.index};
    const auto* join = joinOver(node);
    const bool measured = node.rows.has_value();
    if (node.filter.empty() && join == nullptr) return std::nullopt;
    const auto removed = node.removed.value_or(0) * node.loops;
    need.rowsThrownAway = removed + (join != nullptr ? join->joinRemoved.value_or(0) * join->loops : 0);
    need.rowsRead = measured ? *node.rows * node.loops + removed : 0;
    need.rowsThrownAway = std::min(need.rowsThrownAway, need.rowsRead);
    if (measured && (need.rowsRead < kManyRows || need.rowsThrownAway < kMostlyThrownAway * need.rowsRead))
      return std::nullopt;
    if (!measured && (node.type != "Seq Scan" || node.filter.empty())) return std::nullopt;
    if (!measured)
      need.notes.emplace_back("auto_explain did not count rows (auto_explain.log_analyze is off)");
    findColumns(node, join, need);
    return need;
  }

  void findColumns(const PlanNode& node, const PlanNode* join, IndexNeed& need) const {
    const auto filter = conditionsIn(node.filter);
    auto all = conditionsIn(node.indexCondition);
    std::ranges::copy(filter.usable, std::back_inserter(all.usable));
    need.columns = columnsOf(all, node.table, true);
    if (join != nullptr) addJoined(conditionsIn(join->joinFilter), node.table, need);
    if (need.columns.empty()) {
      need.refusal = !filter.understood        ? "the condition was not understood"
                     : filter.unusable.empty() ? "no condition compares a column with a value"
                                               : filter.unusable.front();
      return;
    }
    std::ranges::copy(filter.unusable, std::back_inserter(need.notes));
    addOrder(need.columns, orderAbove(node), node.table, true);
    noteText(need);
    if (!node.index.empty() && alreadyServed(node, need)) {
      need.refusal = "the index " + node.index + " has these columns already";
      need.columns.clear();
    }
  }
  static void addJoined(const SqlConditions& conditions, const SqlTable& table, IndexNeed& need) {
    for (const auto& condition : conditions.usable) {
      if (!condition.other) continue;
      for (const auto* side : {&condition.column, &*condition.other}) {
        if (!table.isCalled(side->qualifier) || has(need.columns, side->name)) continue;
        need.columns.insert(need.columns.begin(), {side->name, ColumnUse::Equal, false, condition.asText});
      }
    }
    if (need.columns.size() > kMostColumns) need.columns.resize(kMostColumns);
  }
  /// The used index is searched by all that the filter names as well.
  static bool alreadyServed(const PlanNode& node, const IndexNeed& need) {
    const auto served = columnsOf(conditionsIn(node.indexCondition), node.table, true);
    return std::ranges::all_of(need.columns, [&](const auto& column) { return has(served, column.name); });
  }
  std::vector<SqlOrder> orderAbove(const PlanNode& node) const {
    const auto* parent = parentOf(node);
    while (parent != nullptr && parent->type.starts_with("Gather")) parent = parentOf(*parent);
    if (parent == nullptr || parent->type != "Sort") return {};
    std::string keys;
    for (const auto& key : parent->sortKeys) keys += (keys.empty() ? "" : ", ") + key;
    return readOrder(keys);
  }

  const QueryPlan& m_plan;
};

/// A column that is called id and must equal is the key, which has its index.
bool isKey(const std::vector<IndexColumn>& columns) {
  return !columns.empty() && columns.front().name == "id" && columns.front().use == ColumnUse::Equal;
}

}  // namespace

std::vector<IndexNeed> needsOfPlan(const QueryPlan& plan) {
  return PlanReader(plan).needs();
}

IndexNeed needOfStatement(const SqlStatement& statement) {
  IndexNeed best;
  best.refusal = statement.refusal;
  if (!statement.refusal.empty()) return best;
  const bool alone = statement.tables.size() == 1;
  for (const auto& table : statement.tables) {
    auto columns = columnsOf(statement.conditions, table, alone);
    if (columns.size() > best.columns.size() || best.table.name.empty()) {
      best.table = table;
      best.columns = std::move(columns);
    }
  }
  if (best.columns.empty() && statement.conditions.unusable.empty()) {
    best.refusal = "no condition compares a column with a value";
  } else if (best.columns.empty()) {
    best.refusal = statement.conditions.unusable.front();
  } else if (isKey(best.columns)) {
    best.refusal = "it looks for " + best.table.name + ".id, which most likely is the key and has an index";
    best.columns.clear();
  } else {
    best.notes = statement.conditions.unusable;
    addOrder(best.columns, statement.order, best.table, alone);
    noteText(best);
  }
  return best;
}

std::optional<std::string> createIndex(const IndexNeed& need, SqlDialect dialect, std::string_view database) {
  const bool mysql = dialect == SqlDialect::MySql;
  auto table = quotedSqlName(need.table.name, dialect);
  const std::string schema = need.table.schema.empty() ? std::string(database) : need.table.schema;
  if (table && !schema.empty()) {
    const auto quoted = quotedSqlName(schema, dialect);
    table = quoted ? std::optional(*quoted + '.' + *table) : std::nullopt;
  }
  if (!table || need.columns.empty()) return std::nullopt;
  std::string columns;
  for (const auto& column : need.columns) {
    const auto name = quotedSqlName(column.name, dialect);
    if (!name) return std::nullopt;
    columns += (columns.empty() ? "" : ", ") + *name;
    if (column.use == ColumnUse::Prefix && !mysql) columns += " text_pattern_ops";
    if (column.descending) columns += " DESC";
  }
  if (mysql) return "ALTER TABLE " + *table + " ADD INDEX (" + columns + "), ALGORITHM=INPLACE, LOCK=NONE;";
  return "CREATE INDEX CONCURRENTLY ON " + *table + " (" + columns + ");";
}

}  // namespace aiops::knowledge
