// The formats of log lines: a table with one row each, tried from the top.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::parsing {

struct Entry;

/// One format. To add one, write its reader (entry.h) and its row (line_format.cpp).
struct LineFormat {
  std::string_view name;       ///< in plain words for a person: "syslog (RFC 3164)"
  bool joins;                  ///< an entry may go on over the following lines, as with a stack trace
  bool (*read)(Entry& entry);  ///< detects and parses in one
};

/// What the reading of a line found out about its format. The last row takes every line.
const LineFormat& readFormat(Entry& entry);

/// The row that `line` belongs to. Parses the line: not for a hot path.
const LineFormat& formatOf(std::string_view line);

/// What most of `lines` are, in plain words for a person: "syslog (RFC 3164)", "JSON lines", ... Lines that
/// go on an entry (stack traces) are not counted. Empty when there is no line that is not blank.
std::string formatName(const std::vector<std::string_view>& lines);

}  // namespace aiops::parsing
