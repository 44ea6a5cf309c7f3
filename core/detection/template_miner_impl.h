// How the template miner works. Internal to detection. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "detection/template_book.h"
#include "detection/template_groups.h"
#include "detection/template_links.h"
#include "detection/template_miner.h"

namespace aiops::detection {

/// Which template covers a message whose own shape none has; holds for one epoch of the book.
class CoverCache {
 public:
  Slot find(uint64_t whole, uint32_t epoch) const {
    if (m_cells.empty()) return kNoSlot;
    const auto& cell = m_cells[whole % kCells];
    return cell.whole == whole && cell.epoch == epoch ? cell.slot : kNoSlot;
  }
  void put(uint64_t whole, uint32_t epoch, Slot slot) {
    if (m_cells.empty()) m_cells.resize(kCells);
    m_cells[whole % kCells] = {whole, slot, epoch};
  }

 private:
  static constexpr size_t kCells = 8192;
  struct Cell {
    uint64_t whole = 0;
    Slot slot = kNoSlot;
    uint32_t epoch = 0;
  };
  std::vector<Cell> m_cells;
};

struct TemplateMiner::Impl {
  explicit Impl(MinerOptions given) : options(given), links(given.maxTemplates) {}

  MinerOptions options;
  Tokeniser tokeniser;
  TemplateBook book;
  TemplateLinks links;
  std::vector<TemplateChange> changes;
  CoverCache cache;
  std::vector<std::tuple<uint64_t, uint64_t, Slot>> oldest;  ///< when seen, order; the oldest last
  std::vector<Piece> pieces;                          // scratch: those of the template that is looked at
  std::vector<PlaceKey> keys;                         // scratch
  std::vector<std::pair<uint64_t, uint64_t>> probes;  // scratch: a shape, and the places that are exchanged

  // Finding (template_miner.cpp)
  Slot covering(const Shape& shape, const std::vector<Token>& tokens);
  Slot take(std::string_view message, const std::vector<Token>& tokens, uint64_t whole, bool& isNew);
  uint64_t freeId(uint64_t wanted) const;
  void forgetOldest();
  void findOldest();
  void tell(const TemplateChange& change);

  // Merging and splitting (template_merging.cpp)
  /// Merges what has become enough with the new template at `slot`, whose pieces are in `pieces`; where that
  /// is then.
  Slot settle(Slot slot);
  /// Counts the words at places that may not be variables after all; where the message's template is then.
  Slot countWords(Slot slot, std::string_view message, const std::vector<Token>& tokens);

  Slot mergeAlike(Slot slot);
  Slot mergeAllAlike(Slot slot);
  void lookAtGroup(uint64_t skeleton);
  MessageTable tableOf(const SkeletonGroup& group, std::vector<uint64_t>& ids, std::vector<uint64_t>& fixed,
                       std::vector<uint32_t>& places);
  std::vector<Slot> coveredBy(Slot slot);
  Slot unite(std::vector<Slot> members, uint64_t places);
  void absorb(Slot slot, Slot into);
  std::vector<Tally> talliesOf(const std::vector<Piece>& united, const std::vector<Slot>& members) const;
  Slot split(Slot slot, const Tally& tally, uint64_t wordNow);
  Slot splitOff(Slot slot, const Tally::Value& value, size_t place);
};

/// Everything as bytes, the same for the same state.
std::string writeTemplates(const TemplateBook& book, const TemplateLinks& links);
/// False when it isn't what writeTemplates() gave; then the state is of no use.
bool readTemplates(std::string_view bytes, TemplateBook& book, TemplateLinks& links);

}  // namespace aiops::detection
