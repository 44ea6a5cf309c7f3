// The newest lines of all sources in one numbered sequence, for the live log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/mutex.h"
#include "model/log_line.h"

namespace aiops::agents {

/// Thread safe. Keeps at most `maxLines` and `maxBytes`; older lines go, and a reader is told how many it
/// missed.
class LogBuffer {
 public:
  explicit LogBuffer(size_t maxLines = 20000, size_t maxBytes = 8u << 20)
      : m_maxLines(maxLines), m_maxBytes(maxBytes) {}

  /// Numbers the lines and keeps them.
  void append(std::vector<model::LogLine> lines) AIOPS_EXCLUDES(m_mutex);
  /// Up to `limit` lines from sequence `from` on; 0: the newest.
  model::LogSlice slice(uint64_t from, uint32_t limit) const AIOPS_EXCLUDES(m_mutex);

 private:
  const size_t m_maxLines;
  const size_t m_maxBytes;
  mutable base::Mutex m_mutex;
  std::deque<model::LogLine> m_lines AIOPS_GUARDED_BY(m_mutex);
  size_t m_bytes AIOPS_GUARDED_BY(m_mutex) = 0;
  uint64_t m_next AIOPS_GUARDED_BY(m_mutex) = 1;
};

}  // namespace aiops::agents
