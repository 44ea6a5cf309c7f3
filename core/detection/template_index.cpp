// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_index.h"

#include <utility>

namespace aiops::detection {
namespace {

/// Moves what follows the hole at `at` up to it, so that no search ends too early (Knuth, 6.4, algorithm R).
template <class Cells, class Home, class Next>
void close(Cells& cells, size_t at, const Home& home, const Next& next) {
  for (size_t from = next(at); cells[from].slot != kNoSlot; from = next(from)) {
    const size_t wanted = home(cells[from]);
    const bool between = at <= from ? at < wanted && wanted <= from : at < wanted || wanted <= from;
    if (between) continue;
    cells[at] = cells[from];
    at = from;
  }
  cells[at] = {};
}

}  // namespace

Slot SlotMap::find(uint64_t key) const {
  for (size_t at = home(key); m_cells[at].slot != kNoSlot; at = next(at)) {
    if (m_cells[at].key == key) return m_cells[at].slot;
  }
  return kNoSlot;
}

void SlotMap::put(uint64_t key, Slot slot) {
  if ((m_size + 1) * 3 > m_cells.size() * 2) grow();
  size_t at = home(key);
  while (m_cells[at].slot != kNoSlot && m_cells[at].key != key) at = next(at);
  m_size += m_cells[at].slot == kNoSlot;
  m_cells[at] = {key, slot};
}

void SlotMap::erase(uint64_t key) {
  size_t at = home(key);
  while (m_cells[at].slot != kNoSlot && m_cells[at].key != key) at = next(at);
  if (m_cells[at].slot == kNoSlot) return;
  close(
      m_cells, at, [this](const Cell& cell) { return home(cell.key); }, [this](size_t i) { return next(i); });
  --m_size;
}

void SlotMap::grow() {
  const auto old = std::exchange(m_cells, std::vector<Cell>(m_cells.size() * 2));
  ++m_bits;
  m_size = 0;
  for (const auto& cell : old) {
    if (cell.slot != kNoSlot) put(cell.key, cell.slot);
  }
}

void SlotMultimap::add(uint64_t key, Slot slot) {
  // Four fifths: three million cells of long messages still fit into four.
  if ((m_size + 1) * 5 > m_cells.size() * 4 && m_bits < 32) grow();
  const auto tag = tagOf(key);
  size_t at = home(tag);
  while (m_cells[at].slot != kNoSlot) at = next(at);
  m_cells[at] = {tag, slot};
  ++m_size;
}

void SlotMultimap::erase(uint64_t key, Slot slot) {
  const auto tag = tagOf(key);
  size_t at = home(tag);
  while (m_cells[at].slot != kNoSlot && (m_cells[at].tag != tag || m_cells[at].slot != slot)) at = next(at);
  if (m_cells[at].slot == kNoSlot) return;
  close(
      m_cells, at, [this](const Cell& cell) { return home(cell.tag); }, [this](size_t i) { return next(i); });
  --m_size;
}

void SlotMultimap::grow() {
  const auto old = std::exchange(m_cells, std::vector<Cell>(m_cells.size() * 2));
  ++m_bits;
  for (const auto& cell : old) {
    if (cell.slot == kNoSlot) continue;
    size_t at = home(cell.tag);
    while (m_cells[at].slot != kNoSlot) at = next(at);
    m_cells[at] = cell;
  }
}

}  // namespace aiops::detection
