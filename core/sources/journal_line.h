// An entry of the systemd journal as one line of text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiops::sources {

struct JournalEntry {
  std::string cursor;
  uint64_t realtime = 0;   ///< microseconds since 1970
  uint64_t monotonic = 0;  ///< microseconds since the boot
  std::string bootId;
  /// Name and bytes, in any order; a name may come more than once.
  std::vector<std::pair<std::string, std::string>> fields;
};

/// A line, escaped and with its fields around it, is never longer.
inline constexpr size_t kMostOfJournalLine = 60 * 1024;

/// Appends the entry as `journalctl -o json` writes it, with the cursor first: {"__CURSOR":"...",
/// "__REALTIME_TIMESTAMP":"...", ...}. Line ends and other signs inside are escaped. Values that are no UTF-8
/// are arrays of numbers; of MESSAGE, which patterns look at, invalid bytes are replaced instead. What says
/// who wrote the entry comes before what the writer chose. Values and lines that are too long are cut: then
/// "__CUT" names the fields with the bytes they had. True when something was cut.
bool appendJournalLine(const JournalEntry& entry, std::string& lines);

/// The cursor of a line that appendJournalLine() wrote, or empty.
std::string_view cursorOf(std::string_view line);

}  // namespace aiops::sources
