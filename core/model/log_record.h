// One logical log entry, as views into the batch of bytes it came from.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/severity.h"

namespace aiops::model {

/// Where the bytes of a record lie. A (source, inode) pair is one generation of a rotated file.
struct BytePosition {
  uint64_t inode = 0;
  uint64_t offset = 0;  ///< of the first byte
  uint32_t length = 0;  ///< bytes, without the final newline
  uint64_t line = 0;    ///< physical line number from 1 in this generation
};

/// Event times further ahead of the clock at which a record was read are not out of order, they are wrong.
constexpr base::Duration kMostAhead = std::chrono::minutes(1);

/// `text`, `message`, `content` and `fields` point into `LogBatch::bytes` (or its `scratch`): never outlive
/// the batch.
struct LogRecord {
  base::TimePoint eventTime;  ///< what the line says, else `ingestTime`
  bool hasEventTime = false;  ///< false: the line carries no time stamp
  bool zoneAssumed = false;   ///< the time stamp has no zone: that of the source was taken
  base::TimePoint ingestTime;
  Severity severity = Severity::Info;
  std::string_view text;     ///< the whole entry as written
  std::string_view message;  ///< without time stamp and level
  std::string_view content;  ///< what was logged, where a runtime or the journal wrapped it; else empty
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  BytePosition position;

  /// What expressions look at that name no field: the entry as a plain log would have it.
  std::string_view searched() const { return content.empty() ? text : content; }
  /// The value of a field, or empty.
  std::string_view field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
      if (key == name) return value;
    }
    return {};
  }
};

/// Records of one source, with the bytes that they point into. Movable, not copyable.
struct LogBatch {
  std::string source;                                 ///< path of the file as watched
  std::string service;                                ///< service that writes this source
  std::shared_ptr<std::string> bytes;                 ///< stable address: views survive a move of the batch
  std::vector<std::unique_ptr<std::string>> scratch;  ///< text that had to be unescaped
  std::vector<LogRecord> records;
};

}  // namespace aiops::model
