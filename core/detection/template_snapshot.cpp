// The templates as bytes. SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "detection/template_miner_impl.h"

namespace aiops::detection {
namespace {

void put(std::string& out, uint64_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out.append(text);
}
void put(std::string& out, base::TimePoint time) {
  put(out, static_cast<uint64_t>(time.time_since_epoch().count()));
}

/// Reads what put() wrote; ok() says whether all of it was there.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : m_bytes(bytes) {}
  uint64_t number() {
    uint64_t value = 0;
    if (!take(sizeof value)) return 0;
    std::memcpy(&value, m_bytes.data() + m_at - sizeof value, sizeof value);
    return value;
  }
  base::TimePoint time() { return base::TimePoint(base::Duration(static_cast<int64_t>(number()))); }
  std::string_view text() {
    const auto length = number();
    return take(length) ? m_bytes.substr(m_at - length, length) : std::string_view();
  }
  bool ok() const { return m_ok; }
  bool atEnd() const { return m_ok && m_at == m_bytes.size(); }

 private:
  bool take(uint64_t count) {
    m_ok = m_ok && count <= m_bytes.size() - m_at;
    if (m_ok) m_at += count;
    return m_ok;
  }

  std::string_view m_bytes;
  size_t m_at = 0;
  bool m_ok = true;
};

void putTallies(std::string& out, const std::vector<Tally>& tallies) {
  put(out, tallies.size());
  for (const auto& tally : tallies) {
    put(out, tally.place);
    put(out, tally.lines);
    put(out, tally.values.size());
    for (const auto& value : tally.values) {
      put(out, std::string_view(value.text));
      put(out, value.count);
    }
  }
}

bool readTally(Bytes& in, const Entry& entry, Tally& tally) {
  const auto place = in.number();
  tally.place = static_cast<uint16_t>(place);
  tally.lines = in.number();
  const auto values = in.number();
  if (place >= kMaskPlaces || (entry.open >> place & 1) == 0 || values > Tally::kMostValues) return false;
  for (uint64_t i = 0; i < values; ++i) {
    const auto text = in.text();
    if (text.empty() || text.size() > kWordBytes) return false;
    tally.add(text, textHash(text), in.number());
  }
  return in.ok();
}

bool readEntry(Bytes& in, TemplateBook& book, uint64_t& lastOrder) {
  const auto id = in.number(), order = in.number(), used = in.number(), count = in.number();
  const auto first = in.time(), last = in.time();
  std::vector<Piece> pieces;
  if (!unpack(in.text(), pieces) || !in.ok()) return false;
  const bool sound = id != 0 && order > lastOrder && order < book.nextOrder && used <= book.clock;
  if (!sound || book.byId(id) != kNoSlot || book.byShape(shapeOf(pieces).whole()) != kNoSlot) return false;
  auto& entry = book.at(book.create(id, order, pieces));
  lastOrder = order;
  entry.used = used;
  entry.count = count;
  entry.first = first;
  entry.last = last;
  const auto tallies = in.number();
  if (tallies > kMaskPlaces) return false;
  for (uint64_t i = 0; i < tallies; ++i) {
    if (!readTally(in, entry, entry.tallies.emplace_back())) return false;
    if (i > 0 && entry.tallies[i].place <= entry.tallies[i - 1].place) return false;
  }
  return in.ok();
}

}  // namespace

std::string writeTemplates(const TemplateBook& book, const TemplateLinks& links) {
  std::string out;
  put(out, book.clock);
  put(out, book.nextOrder);
  put(out, book.size());
  const auto slots = book.inOrder();
  for (const auto slot : slots) {
    const auto& entry = book.at(slot);
    for (const auto value : {entry.id, entry.order, entry.used, entry.count}) put(out, value);
    put(out, entry.first);
    put(out, entry.last);
    put(out, std::string_view(entry.packed));
    putTallies(out, entry.tallies);
  }
  // Of each skeleton by its newest template, where not all have come since it was looked at.
  std::vector<std::pair<uint64_t, uint64_t>> pairs;
  for (const auto slot : slots) {
    const auto& entry = book.at(slot);
    const auto& group = *book.group(entry.skeleton);
    if (group.newest == slot && group.since != group.count) pairs.emplace_back(entry.id, group.since);
  }
  put(out, pairs.size());
  for (const auto& [id, since] : pairs) put(out, id), put(out, since);
  pairs.clear();
  for (const auto id : links.ids()) {
    const auto into = links.resolve(id);
    if (book.byId(into) != kNoSlot && book.byId(id) == kNoSlot) pairs.emplace_back(id, into);
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  put(out, pairs.size());
  for (const auto& [from, into] : pairs) put(out, from), put(out, into);
  return out;
}

bool readTemplates(std::string_view bytes, TemplateBook& book, TemplateLinks& links) {
  Bytes in(bytes);
  book.clock = in.number();
  book.nextOrder = in.number();
  uint64_t lastOrder = 0;
  for (auto count = in.number(); count > 0 && in.ok(); --count) {
    if (!readEntry(in, book, lastOrder)) return false;
  }
  for (auto count = in.number(); count > 0 && in.ok(); --count) {
    const auto slot = book.byId(in.number());
    const auto since = in.number();
    if (slot == kNoSlot) return false;
    book.group(book.at(slot).skeleton)->since = static_cast<uint32_t>(std::min<uint64_t>(since, UINT32_MAX));
  }
  for (auto count = in.number(); count > 0 && in.ok(); --count) {
    const auto from = in.number(), into = in.number();
    // Every link ends at a template at once: none can lead in a circle.
    if (!in.ok() || from == 0 || book.byId(from) != kNoSlot || book.byId(into) == kNoSlot) return false;
    links.put(from, into);
  }
  return in.atEnd();
}

}  // namespace aiops::detection
