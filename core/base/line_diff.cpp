// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/line_diff.h"

#include <algorithm>
#include <cstdint>

namespace aiops::base {
namespace {

constexpr size_t kMostCells = 4'000'000;

struct Line {
  std::string_view text;
  bool newline = true;
  bool operator==(const Line&) const = default;
};

std::vector<Line> split(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      lines.push_back({text, false});
      break;
    }
    lines.push_back({text.substr(0, end), true});
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// Builds the script of one pair of files.
class Differ {
 public:
  Differ(std::string_view before, std::string_view after) : m_a(split(before)), m_b(split(after)) {}

  std::vector<DiffLine> script() {
    size_t head = 0;
    while (head < std::min(m_a.size(), m_b.size()) && m_a[head] == m_b[head]) ++head;
    size_t tail = 0;
    while (tail < std::min(m_a.size(), m_b.size()) - head &&
           m_a[m_a.size() - 1 - tail] == m_b[m_b.size() - 1 - tail]) {
      ++tail;
    }
    same(head);
    middle(m_a.size() - head - tail, m_b.size() - head - tail);
    same(tail);
    return std::move(m_script);
  }

 private:
  void same(size_t count) {
    for (; count > 0; --count, ++m_i, ++m_j) {
      m_script.push_back({DiffLine::Kind::Same, m_a[m_i].text, m_i + 1, m_j + 1, !m_a[m_i].newline});
    }
  }
  void remove() {
    m_script.push_back({DiffLine::Kind::Removed, m_a[m_i].text, m_i + 1, 0, !m_a[m_i].newline});
    ++m_i;
  }
  void add() {
    m_script.push_back({DiffLine::Kind::Added, m_b[m_j].text, 0, m_j + 1, !m_b[m_j].newline});
    ++m_j;
  }

  /// Longest common subsequence by table, unless that would be too large.
  void middle(size_t n, size_t m) {
    const size_t i0 = m_i, j0 = m_j, width = m + 1;
    std::vector<uint32_t> longest;
    if (n * m <= kMostCells) longest.assign((n + 1) * width, 0);
    for (size_t i = longest.empty() ? 0 : n; i-- > 0;) {
      for (size_t j = m; j-- > 0;) {
        longest[i * width + j] = m_a[i0 + i] == m_b[j0 + j]
                                     ? longest[(i + 1) * width + j + 1] + 1
                                     : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
      }
    }
    while (m_i < i0 + n || m_j < j0 + m) {
      const size_t i = m_i - i0, j = m_j - j0;
      if (i < n && j < m && !longest.empty() && m_a[m_i] == m_b[m_j]) {
        same(1);
      } else if (i < n &&
                 (j == m || longest.empty() || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
        remove();
      } else {
        add();
      }
    }
  }

  std::vector<Line> m_a, m_b;
  size_t m_i = 0, m_j = 0;
  std::vector<DiffLine> m_script;
};

DiffHunk makeHunk(const std::vector<DiffLine>& script, size_t first, size_t last) {
  DiffHunk hunk;
  for (size_t i = first; i < last; ++i) {
    const DiffLine& line = script[i];
    if (line.before > 0 && hunk.beforeCount++ == 0) hunk.beforeFirst = line.before;
    if (line.after > 0 && hunk.afterCount++ == 0) hunk.afterFirst = line.after;
    hunk.lines.push_back(line);
  }
  return hunk;
}

}  // namespace

std::vector<DiffHunk> lineDiff(std::string_view before, std::string_view after, size_t context) {
  const auto script = Differ(before, after).script();
  std::vector<DiffHunk> hunks;
  for (size_t i = 0; i < script.size();) {
    if (script[i].kind == DiffLine::Kind::Same) {
      ++i;
      continue;
    }
    const size_t first = i - std::min(i, context);
    size_t last = i + 1;  // one past the last changed line of the hunk
    for (size_t k = i + 1; k < script.size() && k <= last + 2 * context; ++k) {
      if (script[k].kind != DiffLine::Kind::Same) last = k + 1;
    }
    hunks.push_back(makeHunk(script, first, std::min(script.size(), last + context)));
    i = last;
  }
  return hunks;
}

}  // namespace aiops::base
