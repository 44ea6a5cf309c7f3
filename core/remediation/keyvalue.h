// One `key = value` line of a configuration file, changed without touching any other byte: comments, blank
// lines, CRLF and a missing final newline stay as they are.
//
// Grammar of a line: blanks, key, blanks, '=', blanks, value, then blanks and optionally '#' or ';' with a
// comment. A value is one run of characters without blanks, '#' and ';'. Keys are compared exactly.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace aiops::remediation {

/// Where the one value of `key` lies in the file's bytes.
struct ValueSpan {
  size_t offset = 0;
  size_t length = 0;
  size_t line = 0;  ///< from 1
};

/// NotFound when the key does not occur, Conflict when it occurs more than once, InvalidInput when its value
/// is not one plain word.
base::Result<ValueSpan> findValue(std::string_view bytes, std::string_view key);

/// The value of `key`; fails as findValue does.
base::Result<std::string> readValue(std::string_view bytes, std::string_view key);

/// `bytes` with the value of `key` replaced. `value` must be one plain word itself.
base::Result<std::string> replaceValue(std::string_view bytes, std::string_view key, std::string_view value);

}  // namespace aiops::remediation
