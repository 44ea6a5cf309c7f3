// The three families of log lines, and the small decisions that are made on one physical line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "model/severity.h"

namespace aiops::parsing {

enum class LineFormat {
  Text,    ///< begins with a time stamp (ISO 8601 and relatives, in brackets or not, or syslog's)
  Json,    ///< one JSON object
  Access,  ///< common or combined access log, with key=value extras
  Plain,   ///< none of these: the whole line is the message and it has no time of its own
};

/// Looks at the first bytes only; a Json line may still turn out to be broken, and is then parsed as Plain.
LineFormat detectFormat(std::string_view line);

/// True for a line that belongs to the record before it: begins with white space (but not with an indented
/// time stamp or object), "at ", "Caused by:", "Suppressed:", "Traceback (" or "... ".
bool isContinuation(std::string_view line);

/// "WARN", "[error]", "Critical:" and their relatives, any case; empty for other words.
std::optional<model::Severity> severityFromWord(std::string_view word);

}  // namespace aiops::parsing
