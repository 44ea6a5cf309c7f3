// Many literals sought in one walk over a text (Aho-Corasick 1975, as a complete automaton).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::security {

/// Immutable, so thread safe. One table look-up a byte; memory is 4 bytes x total length x different bytes.
///
///     LiteralSet words({"he", "she"}, LiteralSet::Case::Folded);
///     words.scan("SHE", [](size_t literal, size_t end) { ... });  // (1, 3), then (0, 3)
class LiteralSet {
 public:
  /// Folded takes A-Z and a-z as one; the literals must then be in lower case.
  enum class Case { Exact, Folded };

  /// Empty literals are never found.
  LiteralSet(const std::vector<std::string>& literals, Case mode);

  /// Calls `visit(index of the literal, offset behind it)` for every occurrence, overlapping ones too, in the
  /// order of their ends.
  template <class Visit>
  void scan(std::string_view text, Visit visit) const {
    if (m_found.empty()) return;
    uint32_t state = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      const uint32_t next = m_next[state + m_class[static_cast<unsigned char>(text[i])]];
      state = next & ~kHit;
      if (next & kHit) {
        for (const uint32_t literal : m_found[state / m_classes]) visit(literal, i + 1);
      }
    }
  }

 private:
  static constexpr uint32_t kHit = 1U << 31;

  void classify(const std::vector<std::string>& literals, Case mode);
  void insert(const std::string& literal, uint32_t index);
  void complete();

  std::array<uint32_t, 256> m_class{};  ///< of each byte; 0: in no literal
  uint32_t m_classes = 1;
  std::vector<uint32_t> m_next;                ///< state + class -> state (times m_classes), marked with kHit
  std::vector<std::vector<uint32_t>> m_found;  ///< what ends in a state
};

}  // namespace aiops::security
