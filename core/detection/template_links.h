// What has become of templates that are part of others. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aiops::detection {

/// From ids that no template has any more to the one that it is part of. Between one and two times `most` are
/// remembered, the newest.
class TemplateLinks {
 public:
  explicit TemplateLinks(size_t most) : m_most(most) {}

  void put(uint64_t from, uint64_t into) {
    erase(from);
    if (m_newer.size() >= m_most) m_older = std::exchange(m_newer, {});
    m_newer[from] = into;
  }
  void erase(uint64_t from) {
    m_newer.erase(from);
    m_older.erase(from);
  }
  /// The end of the way from `id`. A link only ever leads to a template that stands at that time, and goes
  /// when its own id stands again: there are no circles.
  uint64_t resolve(uint64_t id) const {
    for (auto next = find(id); next != 0; next = find(id)) id = next;
    return id;
  }
  std::vector<uint64_t> ids() const {
    std::vector<uint64_t> out;
    for (const auto* links : {&m_older, &m_newer}) {
      for (const auto& [from, into] : *links) out.push_back(from);
    }
    return out;
  }

 private:
  uint64_t find(uint64_t id) const {
    for (const auto* links : {&m_newer, &m_older}) {
      if (const auto found = links->find(id); found != links->end()) return found->second;
    }
    return 0;
  }

  size_t m_most;
  std::unordered_map<uint64_t, uint64_t> m_newer, m_older;
};

}  // namespace aiops::detection
