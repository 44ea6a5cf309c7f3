// Which lines go on the entry before them: stack traces of many languages, indented text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace aiops::parsing {

/// Follows one entry line by line. Knows the traces of Java and its relatives (causes, nested exceptions),
/// Python (chained tracebacks), JavaScript, Go (panics, goroutines), Ruby, PHP, .NET, Dart and Rust, the
/// entries of MySQL's slow log, and takes every line that begins with white space (unless a time stamp or an
/// object follows). Blank lines are not shown to it: they end nothing. O(1) for each line. A value: copy it
/// freely.
class StackTrace {
 public:
  /// A new entry, whose first line this is.
  void begin(std::string_view line);
  /// Does the line go on the entry?
  bool accepts(std::string_view line) const;
  /// It does: take it in.
  void extend(std::string_view line);

 private:
  enum class Expects : uint8_t {
    Nothing,      ///< in particular
    Fresh,        ///< only the first line was seen
    Body,         ///< of a Python traceback: its end is the line that names the exception
    Chain,        ///< a Python traceback has ended: a chained one may follow
    Traceback,    ///< the line between two chained tracebacks was seen
    Description,  ///< of an exception whose frames follow
    Calls,        ///< Go: function calls and their places
    Exception,    ///< its name comes next
    SlowHead,     ///< of MySQL's slow log, the time: who ran the statement comes next
    SlowQuery,    ///< and then the statement, up to the next head
  };
  void expectFrom(std::string_view line, Expects otherwise);

  Expects m_expects = Expects::Fresh;
  bool m_traced = false;    ///< lines were taken in
  bool m_stamped = false;   ///< the first line has a time stamp
  bool m_twelve = false;    ///< of java.util.logging, which puts the level on the next line
  uint8_t m_described = 0;  ///< lines of a description so far
};

}  // namespace aiops::parsing
