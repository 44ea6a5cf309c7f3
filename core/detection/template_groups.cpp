// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_groups.h"

#include <algorithm>
#include <map>

#include "detection/template_tokens.h"

namespace aiops::detection {
namespace {

constexpr size_t kRows = 12, kRowsOfLonePairs = 24, kValues = 5;
constexpr size_t kWork = 16;  // times that the table is looked at, at most

/// What the rows have in one column.
struct Column {
  uint32_t index = 0;
  size_t values = 0;
  size_t most = 0;          ///< rows with the most frequent value
  bool isVariable = false;  ///< in all rows
  bool divides = false;     ///< some value has rows enough for a part

  bool varies(size_t rows) const { return values >= kValues && most * 2 <= rows; }
};

/// Counts hashes.
class Counts {
 public:
  /// Forgets all, and makes room for so many.
  void start(size_t room) {
    while (m_cells.size() < 2 * room) m_cells.resize(std::max<size_t>(64, 2 * m_cells.size()));
    ++m_round;
  }
  /// How many there are now.
  size_t add(uint64_t hash) {
    size_t at = hash & (m_cells.size() - 1);
    while (m_cells[at].round == m_round && m_cells[at].hash != hash) at = (at + 1) & (m_cells.size() - 1);
    auto& cell = m_cells[at];
    if (cell.round != m_round) cell = {hash, m_round, 0};
    return ++cell.count;
  }

 private:
  struct Cell {
    uint64_t hash = 0;
    uint32_t round = 0;
    uint32_t count = 0;
  };
  std::vector<Cell> m_cells;
  uint32_t m_round = 0;
};

class Finder {
 public:
  explicit Finder(const MessageTable& table) : m_table(table) {}

  std::vector<Statement> find() {
    std::vector<uint32_t> all(m_table.rows());
    for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    m_open.push_back(std::move(all));
    const size_t most = kWork * m_table.hashes.size();
    while (!m_open.empty() && m_work <= most) {
      const auto rows = std::move(m_open.back());
      m_open.pop_back();
      if (rows.size() >= kRows) look(rows);
    }
    return std::move(m_found);
  }

 private:
  Column describe(const std::vector<uint32_t>& rows, uint32_t index) {
    Column column{.index = index};
    m_counts.start(rows.size());
    for (const auto row : rows) {
      const auto count = m_counts.add(m_table.at(row, index));
      column.values += count == 1;
      column.most = std::max(column.most, count);
    }
    column.isVariable = column.values == 1 && m_table.at(rows.front(), index) == kVariableHash;
    column.divides = column.values > 1 && column.most >= kRows;
    return column;
  }

  void look(const std::vector<uint32_t>& rows) {
    m_work += rows.size() * m_table.columns;
    std::vector<Column> columns;
    for (uint32_t i = 0; i < m_table.columns; ++i) columns.push_back(describe(rows, i));
    size_t words = 0, same = 0;
    for (const auto& column : columns) {
      words += !column.isVariable;
      same += !column.isVariable && column.values == 1;
    }
    const bool known = same >= 2 && same * 2 >= words;
    const bool allVary = std::ranges::all_of(
        columns, [&](const Column& column) { return column.values == 1 || column.varies(rows.size()); });
    if (known && allVary) return take(rows, columns);
    const Column* best = nullptr;
    for (const auto& column : columns) {
      if (!column.divides || (known && column.varies(rows.size()))) continue;
      if (best == nullptr || column.values < best->values) best = &column;
    }
    if (best != nullptr) divide(rows, best->index);
  }

  void take(const std::vector<uint32_t>& rows, const std::vector<Column>& columns) {
    Statement statement{.rows = rows};
    size_t fewest = SIZE_MAX;
    for (const auto& column : columns) {
      if (column.values == 1) continue;
      statement.columns.push_back(column.index);
      fewest = std::min(fewest, column.values);
    }
    if (statement.columns.empty()) return;
    const bool meet = statement.columns.size() > 1 && fewest * 4 <= rows.size() * 3;
    const auto once = std::ranges::count_if(rows, [&](uint32_t row) { return m_table.once[row] != 0; });
    const bool fleeting = rows.size() >= kRowsOfLonePairs && static_cast<size_t>(once) * 2 >= rows.size();
    if (meet || fleeting || statement.columns.size() == 1) m_found.push_back(std::move(statement));
  }

  /// A part for each frequent value, and one for all the others.
  void divide(const std::vector<uint32_t>& rows, uint32_t column) {
    std::map<uint64_t, std::vector<uint32_t>> parts;
    for (const auto row : rows) parts[m_table.at(row, column)].push_back(row);
    std::vector<uint32_t> rest;
    for (auto& [value, part] : parts) {
      if (part.size() >= kRows)
        m_open.push_back(std::move(part));
      else
        rest.insert(rest.end(), part.begin(), part.end());
    }
    std::ranges::sort(rest);
    m_open.push_back(std::move(rest));
  }

  const MessageTable& m_table;
  std::vector<std::vector<uint32_t>> m_open;
  std::vector<Statement> m_found;
  size_t m_work = 0;  // cells looked at
  Counts m_counts;    // scratch
};

}  // namespace

std::vector<Statement> findStatements(const MessageTable& table) {
  return Finder(table).find();
}

}  // namespace aiops::detection
