// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_book.h"

#include <algorithm>
#include <bit>

namespace aiops::detection {
namespace {

auto fewestFirst(uint64_t mask) {
  return std::pair(std::popcount(mask), mask);
}

uint64_t openPlaces(const std::vector<Piece>& pieces) {
  uint64_t open = 0;
  for (size_t i = 0; i < std::min(pieces.size(), kMaskPlaces); ++i) {
    if (pieces[i].isVariable() && (pieces[i].types & kTookWords) != 0) open |= uint64_t(1) << i;
  }
  return open;
}

}  // namespace

bool Tally::add(std::string_view text, uint64_t hash, uint64_t count) {
  for (auto& value : values) {
    if (value.hash != hash) continue;
    value.count += count;
    return true;
  }
  if (values.size() >= kMostValues) return false;
  values.push_back({std::string(text), hash, count});
  return true;
}

const SkeletonGroup* TemplateBook::group(uint64_t skeleton) const {
  const auto found = m_groups.find(skeleton);
  return found == m_groups.end() ? nullptr : &found->second;
}

SkeletonGroup* TemplateBook::group(uint64_t skeleton) {
  const auto found = m_groups.find(skeleton);
  return found == m_groups.end() ? nullptr : &found->second;
}

std::vector<Slot> TemplateBook::inOrder() const {
  std::vector<Slot> slots;
  forEach([&](Slot slot, const Entry&) { slots.push_back(slot); });
  std::ranges::sort(slots, {}, [&](Slot slot) { return m_entries[slot].order; });
  return slots;
}

void TemplateBook::placeKeys(const std::vector<Piece>& pieces, const Shape& shape,
                             std::vector<PlaceKey>& out) {
  out.clear();
  const auto words = std::ranges::count(pieces, TokenType::Word, &Piece::type);
  size_t looked = 0;
  for (size_t i = 0; i < std::min(pieces.size(), kMaskPlaces) && looked < kContextPlaces; ++i) {
    const auto& piece = pieces[i];
    if (piece.isMark()) continue;
    ++looked;
    const bool onlyOne = words == (piece.type == TokenType::Word);  // nothing else says what this is
    if (!piece.fixed && !onlyOne) out.push_back({static_cast<uint16_t>(i), shape.without(i, piece.hash)});
  }
}

uint64_t TemplateBook::keyAt(Slot slot, size_t place) const {
  const auto& entry = m_entries[slot];
  const bool variable = (entry.shape.variables >> place & 1) != 0;
  return entry.shape.without(place, variable ? kVariableHash : unpackOne(entry.packed, place).hash);
}

Slot TemplateBook::create(uint64_t id, const std::vector<Piece>& pieces) {
  return create(id, nextOrder++, pieces);
}

Slot TemplateBook::create(uint64_t id, uint64_t order, const std::vector<Piece>& pieces) {
  Slot slot = 0;
  if (m_free.empty()) {
    slot = static_cast<Slot>(m_entries.size());
    m_entries.emplace_back();
  } else {
    slot = m_free.back();
    m_free.pop_back();
  }
  auto& entry = m_entries[slot];
  entry.id = id;
  entry.order = order;
  entry.packed = pack(pieces);
  entry.skeleton = skeletonOf(pieces);
  m_ids.put(id, slot);
  ++m_size;
  auto& group = m_groups[entry.skeleton];
  ++group.since;
  index(slot, pieces);
  entry.older = group.newest;
  if (group.newest != kNoSlot) m_entries[group.newest].newer = slot;
  group.newest = slot;
  ++group.count;
  return slot;
}

void TemplateBook::erase(Slot slot) {
  unindex(slot);
  auto& entry = m_entries[slot];
  auto group = m_groups.find(entry.skeleton);
  if (entry.newer != kNoSlot) m_entries[entry.newer].older = entry.older;
  if (entry.older != kNoSlot) m_entries[entry.older].newer = entry.newer;
  if (group->second.newest == slot) group->second.newest = entry.older;
  if (--group->second.count == 0) m_groups.erase(group);
  m_ids.erase(entry.id);
  entry = {};
  m_free.push_back(slot);
  --m_size;
}

void TemplateBook::prefetch(Slot slot) const {
  const auto& entry = m_entries[slot];
  __builtin_prefetch(entry.packed.data());
  m_ids.prefetch(entry.id);
  m_shapes.prefetch(entry.shape.whole());
}

void TemplateBook::change(Slot slot, const std::vector<Piece>& pieces) {
  auto packed = pack(pieces);
  unindex(slot);
  m_entries[slot].packed = std::move(packed);
  unpack(m_entries[slot].packed, m_pieces);
  index(slot, m_pieces);
}

void TemplateBook::index(Slot slot, const std::vector<Piece>& pieces) {
  auto& entry = m_entries[slot];
  entry.shape = shapeOf(pieces);
  entry.open = openPlaces(pieces);
  m_shapes.put(entry.shape.whole(), slot);
  placeKeys(pieces, entry.shape, m_keys);
  for (const auto& key : m_keys) m_alike.prefetch(key.key);
  for (const auto& key : m_keys) m_alike.add(key.key, slot);
  join(slot);
}

void TemplateBook::unindex(Slot slot) {
  const auto& entry = m_entries[slot];
  leave(slot);
  m_shapes.erase(entry.shape.whole());
  unpack(entry.packed, m_pieces);
  placeKeys(m_pieces, entry.shape, m_keys);
  for (const auto& key : m_keys) m_alike.prefetch(key.key);
  for (const auto& key : m_keys) m_alike.erase(key.key, slot);
}

/// Counts which places are variables.
void TemplateBook::join(Slot slot) {
  const auto mask = m_entries[slot].shape.variables;
  if (mask == 0) return;
  ++m_epoch;
  auto& group = m_groups[m_entries[slot].skeleton];
  group.open |= m_entries[slot].open;
  ++group.masks[fewestFirst(mask)];
}

void TemplateBook::leave(Slot slot) {
  const auto mask = m_entries[slot].shape.variables;
  if (mask == 0) return;
  ++m_epoch;
  auto& group = m_groups[m_entries[slot].skeleton];
  const auto found = group.masks.find(fewestFirst(mask));
  if (--found->second == 0) group.masks.erase(found);
}

}  // namespace aiops::detection
