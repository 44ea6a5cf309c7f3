// The templates that are known, and by what they are found. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "detection/template_index.h"
#include "detection/template_pieces.h"
#include "detection/template_samples.h"

namespace aiops::detection {

/// The words that a variable place has had, while they are few.
struct Tally {
  static constexpr size_t kMostValues = 4;

  struct Value {
    std::string text;
    uint64_t hash = 0;
    uint64_t count = 0;
  };

  uint16_t place = 0;
  uint64_t lines = 0;  ///< that were counted
  std::vector<Value> values;

  /// False when that is one value too many.
  bool add(std::string_view text, uint64_t hash, uint64_t count);
};

struct Entry {
  uint64_t id = 0;     ///< of a free slot 0
  uint64_t order = 0;  ///< of coming into being
  uint64_t used = 0;   ///< by the newest message
  uint64_t count = 0;
  base::TimePoint first, last;
  std::string packed;  ///< the pieces
  Shape shape;
  uint64_t open = 0;  ///< a bit for each place where words became a variable
  uint64_t skeleton = 0;
  Slot newer = kNoSlot, older = kNoSlot;  ///< of the same skeleton
  std::vector<Tally> tallies;
  TemplateSamples samples;  ///< by place
};

/// Templates of one skeleton, and which places of them are variables.
struct SkeletonGroup {
  Slot newest = kNoSlot;
  uint32_t count = 0;
  uint32_t since = 0;  ///< came since the group was looked at
  uint64_t open = 0;   ///< places where words became variables in some
  /// Each with how many, by the number of its variables: hostile messages make as many as templates.
  std::map<std::pair<int, uint64_t>, uint32_t> masks;
};

/// A place of a template, and what is the same for all that differ from it in nothing else.
struct PlaceKey {
  uint16_t place = 0;
  uint64_t key = 0;
};

/// Keeps each template together with its ways to be found: by id, by shape, by skeleton, and by its shape
/// without one place. What leaves is taken out of all of them at once, so that memory follows the number of
/// templates, and what is found does not depend on what was there once.
class TemplateBook {
 public:
  static constexpr size_t kContextPlaces = 32;  ///< words and variables of a template that can merge

  uint64_t clock = 0;      ///< messages
  uint64_t nextOrder = 1;  ///< of entries

  size_t size() const { return m_size; }
  /// Changes when a template with variables comes, goes or changes.
  uint32_t epoch() const { return m_epoch; }
  Entry& at(Slot slot) { return m_entries[slot]; }
  const Entry& at(Slot slot) const { return m_entries[slot]; }
  Slot byId(uint64_t id) const { return m_ids.find(id); }
  Slot byShape(uint64_t whole) const { return m_shapes.find(whole); }
  void prefetchId(uint64_t id) const { m_ids.prefetch(id); }
  void prefetchShape(uint64_t whole) const { m_shapes.prefetch(whole); }
  const SkeletonGroup* group(uint64_t skeleton) const;
  SkeletonGroup* group(uint64_t skeleton);
  template <class Use>
  void forEach(const Use& use) const {
    for (Slot slot = 0; slot < m_entries.size(); ++slot) {
      if (m_entries[slot].id != 0) use(slot, m_entries[slot]);
    }
  }
  /// In the order in which they came.
  std::vector<Slot> inOrder() const;

  /// Takes in a new template, whose shape none has.
  Slot create(uint64_t id, const std::vector<Piece>& pieces);
  /// The same with the order of a template that was stored; orders must rise.
  Slot create(uint64_t id, uint64_t order, const std::vector<Piece>& pieces);
  void erase(Slot slot);
  /// Fetches what erase() will need: memory is slow, not the work.
  void prefetch(Slot slot) const;
  /// Other pieces, of the same skeleton and of a shape that no other has. They may be views of its own.
  void change(Slot slot, const std::vector<Piece>& pieces);

  /// The places by which a template of these pieces is found, in order.
  static void placeKeys(const std::vector<Piece>& pieces, const Shape& shape, std::vector<PlaceKey>& out);
  /// Hands `use` each template that differs from the one at `slot` in nothing but the place that `key` is of,
  /// and itself.
  template <class Use>
  void visitAlike(Slot slot, const PlaceKey& key, const Use& use) const {
    m_alike.visit(key.key, [&](Slot other) {
      const bool alike = other == slot || (m_entries[other].shape.length == m_entries[slot].shape.length &&
                                           keyAt(other, key.place) == key.key);
      if (alike) use(other);
    });
  }

 private:
  uint64_t keyAt(Slot slot, size_t place) const;
  void index(Slot slot, const std::vector<Piece>& pieces);
  void unindex(Slot slot);
  void join(Slot slot);
  void leave(Slot slot);

  std::deque<Entry> m_entries;
  std::vector<Slot> m_free;
  size_t m_size = 0;
  uint32_t m_epoch = 1;
  SlotMap m_ids, m_shapes;
  SlotMultimap m_alike;
  std::unordered_map<uint64_t, SkeletonGroup> m_groups;
  std::vector<Piece> m_pieces;   // scratch
  std::vector<PlaceKey> m_keys;  // scratch
};

}  // namespace aiops::detection
