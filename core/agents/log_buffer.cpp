// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/log_buffer.h"

#include <algorithm>

namespace aiops::agents {
namespace {

size_t sizeOf(const model::LogLine& line) {
  return sizeof line + line.text.size() + line.message.size();
}

}  // namespace

void LogBuffer::append(std::vector<model::LogLine> lines) {
  base::MutexLock lock(m_mutex);
  for (auto& line : lines) {
    line.sequence = m_next++;
    m_bytes += sizeOf(line);
    m_lines.push_back(std::move(line));
  }
  while (m_lines.size() > m_maxLines || (m_bytes > m_maxBytes && !m_lines.empty())) {
    m_bytes -= sizeOf(m_lines.front());
    m_lines.pop_front();
  }
}

model::LogSlice LogBuffer::slice(uint64_t from, uint32_t limit) const {
  base::MutexLock lock(m_mutex);
  model::LogSlice out{.next = m_next};
  if (m_lines.empty()) return out;
  const uint64_t oldest = m_lines.front().sequence;
  uint64_t start = from;
  if (from == 0) {
    start = m_lines.size() > limit ? m_next - limit : oldest;
  } else if (from < oldest) {
    out.missed = oldest - from;
    start = oldest;
  }
  const uint64_t end = std::min<uint64_t>(m_next, start + limit);
  for (uint64_t i = start; i < end; ++i) out.lines.push_back(m_lines[i - oldest]);
  out.next = std::max(end, start);
  return out;
}

}  // namespace aiops::agents
