// State by key, bounded: the least recently used leaves. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace aiops::detection {

template <class State>
class KeyMap {
 public:
  using Entry = std::pair<std::string, State>;

  /// The state of `key`, now the most recently used; made when there is none. `left` is called with an entry
  /// before it leaves.
  template <class Left>
  State& get(const std::string& key, size_t most, const Left& left) {
    if (const auto known = m_index.find(key); known != m_index.end()) {
      m_entries.splice(m_entries.end(), m_entries, known->second);
      return m_entries.back().second;
    }
    if (m_entries.size() >= most) {
      left(m_entries.front());
      m_index.erase(m_entries.front().first);
      m_entries.pop_front();
    }
    auto& entry = m_entries.emplace_back(key, State());
    m_index.emplace(entry.first, std::prev(m_entries.end()));
    return entry.second;
  }
  /// Null when there is none; the order of use stays.
  State* find(const std::string& key) {
    const auto known = m_index.find(key);
    return known == m_index.end() ? nullptr : &known->second->second;
  }
  void erase(const std::string& key) {
    const auto known = m_index.find(key);
    if (known == m_index.end()) return;
    m_entries.erase(known->second);
    m_index.erase(known);
  }
  /// Least recently used first.
  std::list<Entry>& entries() { return m_entries; }
  const std::list<Entry>& entries() const { return m_entries; }
  bool empty() const { return m_entries.empty(); }

 private:
  std::list<Entry> m_entries;
  std::unordered_map<std::string, typename std::list<Entry>::iterator> m_index;
};

/// Parts as one key that no other parts give.
inline std::string joinedKey(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out.append(std::to_string(part.size())).append(":").append(part);
  return out;
}

}  // namespace aiops::detection
