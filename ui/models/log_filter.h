// A compiled search expression over shown log text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <expected>
#include <memory>
#include <string_view>
#include <vector>

#include "models/shown_text.h"

namespace re2 {
class RE2;
}

namespace aiops::ui {

/// Plain text or a regular expression, matched in linear time whatever the log contains. Immutable, cheap to
/// copy.
class LogFilter {
 public:
  /// Why an expression can't be used: in words, and the position (in characters from 1) where it goes wrong.
  struct Problem {
    QString what;
    int position = 0;
  };

  /// Matches nothing in particular: empty() is true.
  LogFilter() = default;
  /// An empty expression gives an empty filter.
  static std::expected<LogFilter, Problem> compile(const QString& expression, bool regex, bool caseSensitive);

  bool empty() const { return !m_program; }
  /// Whether `shown` (UTF-8) contains the expression. False for an empty filter.
  bool matches(std::string_view shown) const;
  /// All hits in `shown` as byte ranges, ascending, at most 64. Empty hits are left out.
  std::vector<TextSpan> hits(std::string_view shown) const;

 private:
  std::shared_ptr<const re2::RE2> m_program;
};

}  // namespace aiops::ui
