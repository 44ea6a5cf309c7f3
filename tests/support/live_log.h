// Operations whose live log grows as a test says.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "support/fake_operations.h"
#include "support/wrapped_operations.h"

namespace aiops::test {

/// Sequences must ascend from 1. Answers on the caller's thread.
class LiveLog final : public WrappedOperations {
 public:
  explicit LiveLog(service::Operations& inner) : WrappedOperations(inner) {}

  void add(const std::vector<model::LogLine>& lines) {
    base::MutexLock lock(m_mutex);
    m_lines.insert(m_lines.end(), lines.begin(), lines.end());
  }

  void tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) override {
    model::LogSlice slice;
    {
      base::MutexLock lock(m_mutex);
      const size_t start =
          from == 0 ? m_lines.size() - std::min<size_t>(m_lines.size(), limit) : indexOf(from);
      for (size_t i = start; i < m_lines.size() && slice.lines.size() < limit; ++i)
        slice.lines.push_back(m_lines[i]);
      slice.next = slice.lines.empty() ? std::max<uint64_t>(from, 1) : slice.lines.back().sequence + 1;
    }
    reply(slice);
  }

 private:
  size_t indexOf(uint64_t sequence) const AIOPS_REQUIRES(m_mutex) {
    const auto found = std::find_if(m_lines.begin(), m_lines.end(),
                                    [sequence](const auto& line) { return line.sequence >= sequence; });
    return static_cast<size_t>(found - m_lines.begin());
  }

  base::Mutex m_mutex;
  std::vector<model::LogLine> m_lines AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::test
