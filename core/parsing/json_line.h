// The scalar keys of one JSON object. Internal to parsing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "parsing/field_scan.h"

namespace aiops::parsing {

/// Reuses its buffers from line to line. Not thread safe.
class JsonLine {
 public:
  JsonLine();
  ~JsonLine();

  /// Appends the string, number and boolean members of the object `text` as views into `text`; strings with
  /// escapes are unescaped into `scratch`. False when it is no valid object, or nested deeper than
  /// `maxDepth`.
  bool parse(std::string_view text, size_t maxDepth, size_t maxFields,
             std::vector<std::unique_ptr<std::string>>& scratch, Fields& fields);

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

/// Seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by their size.
std::optional<base::TimePoint> timeFromEpoch(std::string_view number);

}  // namespace aiops::parsing
