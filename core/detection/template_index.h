// The hash tables of templates: flat, and without leftovers of what has gone. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aiops::detection {

using Slot = uint32_t;  ///< where a template is kept
inline constexpr Slot kNoSlot = UINT32_MAX;

/// One slot for each key. Keys are hashes and never 0.
class SlotMap {
 public:
  void prefetch(uint64_t key) const { __builtin_prefetch(&m_cells[home(key)]); }
  Slot find(uint64_t key) const;
  /// Replaces the one there.
  void put(uint64_t key, Slot slot);
  void erase(uint64_t key);

 private:
  struct Cell {
    uint64_t key = 0;
    Slot slot = kNoSlot;
  };

  size_t home(uint64_t key) const { return key >> (64 - m_bits); }
  size_t next(size_t at) const { return (at + 1) & (m_cells.size() - 1); }
  void grow();

  uint32_t m_bits = 4;
  size_t m_size = 0;
  std::vector<Cell> m_cells = std::vector<Cell>(16);
};

/// Any number of slots for each key, at eight bytes each. Only half of a key is kept: who asks has to check
/// what is found.
class SlotMultimap {
 public:
  void prefetch(uint64_t key) const { __builtin_prefetch(&m_cells[home(tagOf(key))]); }
  void add(uint64_t key, Slot slot);
  void erase(uint64_t key, Slot slot);

  /// Hands `use` each slot that may have this key.
  template <class Use>
  void visit(uint64_t key, const Use& use) const {
    const auto tag = tagOf(key);
    for (size_t at = home(tag); m_cells[at].slot != kNoSlot; at = next(at)) {
      if (m_cells[at].tag == tag) use(m_cells[at].slot);
    }
  }

 private:
  struct Cell {
    uint32_t tag = 0;
    Slot slot = kNoSlot;
  };

  static uint32_t tagOf(uint64_t key) { return static_cast<uint32_t>(key >> 32); }
  size_t home(uint32_t tag) const { return tag >> (32 - m_bits); }
  size_t next(size_t at) const { return (at + 1) & (m_cells.size() - 1); }
  void grow();

  uint32_t m_bits = 6;
  size_t m_size = 0;
  std::vector<Cell> m_cells = std::vector<Cell>(64);
};

}  // namespace aiops::detection
