// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/live_log.h"

#include <algorithm>

namespace aiops::test {

LiveLog::LiveLog(service::Operations& inner) : WrappedOperations(inner) {}

LiveLog::~LiveLog() = default;

void LiveLog::add(const std::vector<model::LogLine>& lines) {
  base::MutexLock lock(m_mutex);
  m_lines.insert(m_lines.end(), lines.begin(), lines.end());
}

void LiveLog::tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) {
  model::LogSlice slice;
  {
    base::MutexLock lock(m_mutex);
    const size_t start = from == 0 ? m_lines.size() - std::min<size_t>(m_lines.size(), limit) : indexOf(from);
    for (size_t i = start; i < m_lines.size() && slice.lines.size() < limit; ++i)
      slice.lines.push_back(m_lines[i]);
    slice.next = slice.lines.empty() ? std::max<uint64_t>(from, 1) : slice.lines.back().sequence + 1;
  }
  reply(slice);
}

size_t LiveLog::indexOf(uint64_t sequence) const {
  const auto found = std::find_if(m_lines.begin(), m_lines.end(),
                                  [sequence](const auto& line) { return line.sequence >= sequence; });
  return static_cast<size_t>(found - m_lines.begin());
}

}  // namespace aiops::test
