// Lines per second of event time and service, by severity, kept up to date line by line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/log_buffer.h"

namespace aiops::ui {

/// One bar. The three counts don't overlap.
struct LogBar {
  uint32_t info = 0;  ///< debug and info
  uint32_t warning = 0;
  uint32_t error = 0;  ///< error and critical
  uint32_t all() const { return info + warning + error; }
  bool operator==(const LogBar&) const = default;
};

/// What add() counted, remove() takes away again. Lines without a time are not counted. Its size grows with
/// the seconds that the lines span and the services in them, not with the lines.
class LogCounts {
 public:
  void add(const LogBuffer::Entry& entry);
  void remove(const LogBuffer::Entry& entry);

  /// By second since the epoch, then by index of service; no second is empty.
  const std::map<int64_t, std::vector<LogBar>>& seconds() const { return m_seconds; }

 private:
  std::map<int64_t, std::vector<LogBar>> m_seconds;
};

}  // namespace aiops::ui
