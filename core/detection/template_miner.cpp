// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_miner.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <tuple>
#include <utility>

#include "base/bytes.h"
#include "detection/template_miner_impl.h"

namespace aiops::detection {
namespace {

constexpr size_t kMostMasks = 64;          // that are tried for a message
constexpr size_t kMostLooked = 1024;       // of a skeleton
constexpr size_t kMostClosed = 2;          // variables that no word has been yet, and now are
constexpr size_t kForgottenAtOnce = 16;    // a sixteenth of the templates
constexpr size_t kAhead = 8;               // that are fetched before they are forgotten
constexpr size_t kChangesPerTemplate = 2;  // that wait to be told
constexpr std::string_view kMagic = "templates2";
constexpr size_t kDigest = 16;

void makePieces(std::string_view message, const std::vector<Token>& tokens, std::vector<Piece>& pieces) {
  pieces.clear();
  for (const auto& token : tokens) {
    auto& piece = pieces.emplace_back();
    piece.type = token.type;
    piece.touches = token.touches;
    piece.hash = token.hash;
    if (token.isVariable())
      piece.types = static_cast<uint16_t>(1u << static_cast<uint8_t>(token.type));
    else
      piece.text = wordOf(message, token);
  }
}

/// Whether a template that has variables at `replaced`, where the message has words, is the message's. Where
/// words became the variable it is; elsewhere enough of the message must say so.
bool covers(const Entry& entry, uint64_t replaced, size_t words) {
  const auto closed = static_cast<size_t>(std::popcount(replaced & ~entry.open));
  if (closed == 0) return true;
  if (std::popcount(replaced) > 1) return closed <= kMostClosed && words >= 4;
  const size_t others = words - 1;
  return others >= (replaced == 1 ? 3 : 2);
}

/// Now and then: at the second message, the fourth, the eighth and so on.
void takeSamples(Entry& entry, std::string_view message, const std::vector<Token>& tokens) {
  for (auto left = entry.shape.variables; left != 0; left &= left - 1) {
    const auto place = static_cast<size_t>(std::countr_zero(left));
    if (place < tokens.size())
      entry.samples.add(place, message.substr(tokens[place].start, tokens[place].length));
  }
}

}  // namespace

/// The template that has variables where the message has some of its words.
Slot TemplateMiner::Impl::covering(const Shape& shape, const std::vector<Token>& tokens) {
  book.prefetchId(shape.whole());
  const auto* group = std::as_const(book).group(skeletonOf(tokens));
  if (group == nullptr) return kNoSlot;
  const auto words = static_cast<size_t>(std::ranges::count(tokens, TokenType::Word, &Token::type));
  probes.clear();
  size_t looked = 0;
  for (const auto& [key, count] : group->masks) {
    if (++looked > kMostLooked) break;
    const auto mask = key.second;
    const auto replaced = mask & ~shape.variables;
    const bool shorter = tokens.size() < kMaskPlaces && mask >> tokens.size() != 0;
    if ((shape.variables & ~mask) != 0 || replaced == 0 || shorter) continue;
    if (probes.size() >= kMostMasks) break;
    const bool hopeless = std::popcount(replaced & ~group->open) > static_cast<int>(kMostClosed);
    auto other = shape;
    for (auto left = hopeless ? 0 : replaced; left != 0; left &= left - 1) {
      const auto place = static_cast<size_t>(std::countr_zero(left));
      other = other.exchanged(place, tokens[place].hash);
    }
    probes.emplace_back(hopeless ? 0 : other.whole(), replaced);
    book.prefetchShape(probes.back().first);
  }
  for (const auto& [whole, replaced] : probes) {
    const auto slot = whole == 0 ? kNoSlot : book.byShape(whole);
    if (slot != kNoSlot && covers(book.at(slot), replaced, words)) return slot;
  }
  return kNoSlot;
}

/// `wanted`, or the next one that no template has.
uint64_t TemplateMiner::Impl::freeId(uint64_t wanted) const {
  for (uint64_t salt = 1; wanted == 0 || book.byId(wanted) != kNoSlot; ++salt) wanted = mixHash(wanted, salt);
  return wanted;
}

/// A new template for the message; it may become part of another one at once.
Slot TemplateMiner::Impl::take(std::string_view message, const std::vector<Token>& tokens, uint64_t whole,
                               bool& isNew) {
  if (book.size() >= options.maxTemplates) forgetOldest();
  const auto id = freeId(whole);
  links.erase(id);
  makePieces(message, tokens, pieces);
  const auto slot = settle(book.create(id, pieces));
  isNew = book.at(slot).id == id;
  return slot;
}

/// The least recently seen one leaves. The order is worked out for a sixteenth of all at once; those that
/// were seen since then stay, and no other can be older.
void TemplateMiner::Impl::forgetOldest() {
  for (;;) {
    if (oldest.empty()) findOldest();
    const auto [used, order, slot] = oldest.back();
    oldest.pop_back();
    if (oldest.size() > kAhead) book.prefetch(std::get<Slot>(oldest[oldest.size() - kAhead]));
    if (book.at(slot).used == used && book.at(slot).order == order) return book.erase(slot);
  }
}

void TemplateMiner::Impl::findOldest() {
  book.forEach([&](Slot slot, const Entry& entry) { oldest.emplace_back(entry.used, entry.order, slot); });
  const auto end = oldest.begin() + static_cast<ptrdiff_t>(oldest.size() / kForgottenAtOnce + 1);
  if (end < oldest.end()) std::ranges::nth_element(oldest, end);
  oldest.erase(std::min(end, oldest.end()), oldest.end());
  std::ranges::sort(oldest, std::greater());
  oldest.shrink_to_fit();
}

void TemplateMiner::Impl::tell(const TemplateChange& change) {
  if (changes.size() >= kChangesPerTemplate * options.maxTemplates)
    changes.erase(changes.begin(), changes.begin() + static_cast<ptrdiff_t>(changes.size() / 2 + 1));
  changes.push_back(change);
}

TemplateMiner::TemplateMiner(MinerOptions options) : m_impl(std::make_unique<Impl>(options)) {}
TemplateMiner::~TemplateMiner() = default;
TemplateMiner::TemplateMiner(TemplateMiner&&) noexcept = default;
TemplateMiner& TemplateMiner::operator=(TemplateMiner&&) noexcept = default;

Mined TemplateMiner::add(std::string_view message, base::TimePoint time) {
  auto& impl = *m_impl;
  auto& book = impl.book;
  const auto& tokens = impl.tokeniser.cut(message);
  ++book.clock;
  const auto shape = shapeOf(tokens);
  const auto whole = shape.whole();
  Mined out;
  auto slot = book.byShape(whole);
  if (slot == kNoSlot) slot = impl.cache.find(whole, book.epoch());
  if (slot == kNoSlot) {
    slot = impl.covering(shape, tokens);
    if (slot != kNoSlot)
      impl.cache.put(whole, book.epoch(), slot);
    else
      slot = impl.take(message, tokens, whole, out.isNew);
  }
  auto& entry = book.at(slot);
  if (entry.count++ == 0) entry.first = entry.last = time;
  entry.first = std::min(entry.first, time);
  entry.last = std::max(entry.last, time);
  entry.used = book.clock;
  if (entry.count >= 2 && std::has_single_bit(entry.count)) takeSamples(entry, message, tokens);
  if (!entry.tallies.empty()) slot = impl.countWords(slot, message, tokens);
  out.id = book.at(slot).id;
  out.changed = !impl.changes.empty();
  return out;
}

uint64_t TemplateMiner::current(uint64_t id) const {
  return m_impl->links.resolve(id);
}

std::optional<Template> TemplateMiner::find(uint64_t id) const {
  const auto slot = m_impl->book.byId(current(id));
  if (slot == kNoSlot) return std::nullopt;
  const auto& entry = m_impl->book.at(slot);
  std::vector<Piece> pieces;
  unpack(entry.packed, pieces);
  std::vector<std::vector<std::string>> examples;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].isVariable()) examples.push_back(entry.samples.of(i));
  }
  return Template{.id = entry.id,
                  .text = textOf(pieces, false),
                  .typed = textOf(pieces, true),
                  .count = entry.count,
                  .first = entry.first,
                  .last = entry.last,
                  .examples = std::move(examples)};
}

size_t TemplateMiner::size() const {
  return m_impl->book.size();
}

std::vector<Template> TemplateMiner::all() const {
  std::vector<Template> out;
  for (const auto slot : m_impl->book.inOrder()) out.push_back(*find(m_impl->book.at(slot).id));
  return out;
}

std::vector<TemplateChange> TemplateMiner::takeChanges() {
  return std::exchange(m_impl->changes, {});
}

std::string TemplateMiner::snapshot() const {
  const auto body = writeTemplates(m_impl->book, m_impl->links);
  return std::string(kMagic) + base::sha256Hex(body).substr(0, kDigest) + body;
}

base::Result<> TemplateMiner::restore(std::string_view snapshot) {
  const auto options = m_impl->options;
  m_impl = std::make_unique<Impl>(options);
  const auto broken = [] { return base::fail(base::ErrorCode::Corrupt, "the templates can't be read"); };
  constexpr size_t kHead = kMagic.size() + kDigest;
  if (snapshot.size() < kHead || !snapshot.starts_with(kMagic)) return broken();
  const auto body = snapshot.substr(kHead);
  if (base::sha256Hex(body).substr(0, kDigest) != snapshot.substr(kMagic.size(), kDigest)) return broken();
  auto fresh = std::make_unique<Impl>(options);
  if (!readTemplates(body, fresh->book, fresh->links)) return broken();
  while (fresh->book.size() > options.maxTemplates) fresh->forgetOldest();
  m_impl = std::move(fresh);
  return {};
}

}  // namespace aiops::detection
