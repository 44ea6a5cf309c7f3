// Which messages of one form come from one statement. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aiops::detection {

/// Messages that have their marks at the same places: a row each, a column for each place that is none.
struct MessageTable {
  size_t columns = 0;
  std::vector<uint64_t> hashes;  ///< row by row; kVariableHash for a variable
  std::vector<uint8_t> once;     ///< by row: seen only once

  size_t rows() const { return once.size(); }
  uint64_t at(size_t row, size_t column) const { return hashes[row * columns + column]; }
};

/// Rows that one statement wrote, and the columns that it fills with words of its own.
struct Statement {
  std::vector<uint32_t> rows;
  std::vector<uint32_t> columns;
};

/// Statements with free words at one place or more, after IPLoM (Makanju et al., KDD 2009). Rows are one
/// statement when at least half of their words, and two of them, are the same in all rows, and every other
/// column varies: at least five values, none of which has more than half of the rows. Otherwise rows are
/// divided by the column with the fewest values, and looked at again. A part has at least twelve rows.
///
/// Twelve different messages of the program could look like that, too. So the values have to meet each other
/// in more than one way, or there have to be 24 rows that were mostly seen only once.
std::vector<Statement> findStatements(const MessageTable& table);

}  // namespace aiops::detection
