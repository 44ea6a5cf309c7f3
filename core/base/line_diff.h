// A unified diff of two files' bytes, for showing exactly what an edit changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace aiops::base {

/// One line of a diff. Views point into the texts given to lineDiff(). Line numbers count from 1; 0 means
/// none.
struct DiffLine {
  enum class Kind { Same, Removed, Added };
  Kind kind = Kind::Same;
  std::string_view text;  ///< without its newline
  size_t before = 0, after = 0;
  bool endsWithoutNewline = false;  ///< the last line of a file that does not end in one
};

struct DiffHunk {
  size_t beforeFirst = 0, beforeCount = 0, afterFirst = 0, afterCount = 0;
  std::vector<DiffLine> lines;
};

/// Hunks with up to `context` unchanged lines around each change. Equal texts give none. Always a correct
/// diff; a shortest one as long as the changed middle has fewer than 2 000 x 2 000 lines, else that middle is
/// replaced whole.
std::vector<DiffHunk> lineDiff(std::string_view before, std::string_view after, size_t context);

}  // namespace aiops::base
