// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction_literals.h"

namespace aiops::security {

LiteralSet::LiteralSet(const std::vector<std::string>& literals, Case mode) {
  classify(literals, mode);
  m_next.assign(m_classes, 0);
  m_found.emplace_back();
  bool any = false;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    if (literals[i].empty()) continue;
    insert(literals[i], i);
    any = true;
  }
  any ? complete() : m_found.clear();
}

void LiteralSet::classify(const std::vector<std::string>& literals, Case mode) {
  for (const auto& literal : literals) {
    for (const char c : literal) {
      auto& known = m_class[static_cast<unsigned char>(c)];
      if (known == 0) known = m_classes++;
    }
  }
  for (int c = 'A'; mode == Case::Folded && c <= 'Z'; ++c)
    m_class[static_cast<size_t>(c)] = m_class[static_cast<size_t>(c - 'A' + 'a')];
}

void LiteralSet::insert(const std::string& literal, uint32_t index) {
  uint32_t state = 0;
  for (const char c : literal) {
    const uint32_t cell = state + m_class[static_cast<unsigned char>(c)];
    if (m_next[cell] == 0) {
      m_next[cell] = static_cast<uint32_t>(m_next.size());
      m_next.resize(m_next.size() + m_classes, 0);
      m_found.emplace_back();
    }
    state = m_next[cell];
  }
  m_found[state / m_classes].push_back(index);
}

/// Breadth first, so that the state of the longest proper suffix is complete before it is asked.
void LiteralSet::complete() {
  std::vector<uint32_t> order, suffix(m_found.size(), 0);
  for (uint32_t c = 0; c < m_classes; ++c) {
    if (m_next[c] != 0) order.push_back(m_next[c]);
  }
  for (size_t i = 0; i < order.size(); ++i) {
    const uint32_t state = order[i], back = suffix[state / m_classes];
    const auto& shorter = m_found[back / m_classes];
    auto& found = m_found[state / m_classes];
    found.insert(found.end(), shorter.begin(), shorter.end());
    for (uint32_t c = 0; c < m_classes; ++c) {
      auto& next = m_next[state + c];
      if (next == 0) {
        next = m_next[back + c];
      } else {
        suffix[next / m_classes] = m_next[back + c];
        order.push_back(next);
      }
    }
  }
  for (auto& next : m_next) {
    if (!m_found[next / m_classes].empty()) next |= kHit;
  }
}

}  // namespace aiops::security
