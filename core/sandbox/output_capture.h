// Keeps the first and the last bytes of a stream of any length in bounded memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace aiops::sandbox {

class OutputCapture {
 public:
  /// Keeps `limit` bytes from the start and as many from the end.
  explicit OutputCapture(size_t limit) : m_limit(limit) {}

  void add(std::string_view bytes) {
    m_total += bytes.size();
    const size_t toHead = std::min(bytes.size(), m_limit - m_head.size());
    m_head.append(bytes.substr(0, toHead));
    bytes.remove_prefix(toHead);
    if (bytes.size() > m_limit) bytes.remove_prefix(bytes.size() - m_limit);
    m_tail.append(bytes);
    if (m_tail.size() > 2 * m_limit) m_tail.erase(0, m_tail.size() - m_limit);
  }

  uint64_t total() const { return m_total; }

  /// The stream; if something had to go, "\n[N bytes left out]\n" stands in its place.
  std::string text() const {
    const std::string_view tail =
        std::string_view(m_tail).substr(m_tail.size() - std::min(m_tail.size(), m_limit));
    const uint64_t lost = m_total - m_head.size() - tail.size();
    const std::string note = lost == 0 ? "" : "\n[" + std::to_string(lost) + " bytes left out]\n";
    return m_head + note + std::string(tail);
  }

 private:
  const size_t m_limit;
  uint64_t m_total = 0;
  std::string m_head, m_tail;
};

}  // namespace aiops::sandbox
