// Which templates become one, and which one becomes several. SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <bit>

#include "detection/template_miner_impl.h"

namespace aiops::detection {
namespace {

constexpr size_t kNever = SIZE_MAX;

/// How many values a word takes before it is a variable.
constexpr size_t kUsual = 5, kAtBegin = 12, kBehindColon = 3, kInBrackets = 2, kBehindName = 2;
constexpr std::array<std::string_view, 6> kNames = {"user",     "account",  "host",
                                                    "hostname", "username", "login"};

/// Of a group of one skeleton: members that it takes to look at it, and to look again; those looked at.
constexpr uint32_t kGroup = 12, kGroupAgain = 1024, kGroupRows = 512;
constexpr size_t kGroupWalk = 4096;       // members that are asked whether a new template covers them
constexpr uint64_t kTallyLines = 10'000;  // after which few words are a choice

bool isBehindName(const std::vector<Piece>& pieces, size_t place) {
  return place > 0 && pieces[place - 1].type == TokenType::Word &&
         std::ranges::find(kNames, pieces[place - 1].text) != kNames.end();
}

/// Opened and not closed brackets before `place`.
size_t depthAt(const std::vector<Piece>& pieces, size_t place) {
  size_t depth = 0;
  for (size_t i = 0; i < place; ++i) {
    if (!pieces[i].isMark()) continue;
    const char mark = pieces[i].text.front();
    depth += mark == '(' || mark == '[' || mark == '{';
    if ((mark == ')' || mark == ']' || mark == '}') && depth > 0) --depth;
  }
  return depth;
}

/// How many different words, `beside` a variable or not, make `place` a variable.
size_t needed(const std::vector<Piece>& pieces, size_t place, bool beside) {
  size_t words = 0;
  for (size_t i = 0; i < pieces.size(); ++i) words += i != place && pieces[i].type == TokenType::Word;
  if (words == 0) return kNever;
  if (words == 1) return kAtBegin;
  if (beside) return place > 0 || words >= 3 ? 1 : 3;
  if (place == 0) return kAtBegin;
  if (isBehindName(pieces, place)) return kBehindName;
  const auto& before = pieces[place - 1];
  if (before.isMark() && before.text == ":") return depthAt(pieces, place) > 0 ? kInBrackets : kBehindColon;
  return kUsual;
}

void open(Piece& piece) {
  piece.type = TokenType::Any;
  piece.fixed = false;
  piece.types |= static_cast<uint16_t>(1u << static_cast<uint8_t>(TokenType::Any) | kTookWords);
  piece.hash = kVariableHash;
  piece.text = {};
}

/// Makes `piece` stand for `other` as well.
void mixIn(Piece& piece, const Piece& other) {
  if (piece.isMark()) return;
  const bool same = piece.hash == other.hash;
  if (!piece.isVariable() && !same) open(piece);
  if (piece.isVariable() && !other.isVariable()) piece.types |= kTookWords;
  piece.types |= other.types;
}

void fix(Piece& piece, const Tally::Value& value) {
  piece = {TokenType::Word, piece.touches, true, 0, value.hash, value.text};
}

/// The words stay known; each has to come again to count.
void startAgain(std::vector<Tally>& tallies) {
  for (auto& tally : tallies) {
    tally.lines = 0;
    for (auto& value : tally.values) value.count = 0;
  }
}

}  // namespace

Slot TemplateMiner::Impl::settle(Slot slot) {
  const auto skeleton = book.at(slot).skeleton;
  slot = mergeAllAlike(slot);
  const auto* group = book.group(skeleton);
  if (group == nullptr || group->count < kGroup) return slot;
  if (group->since < std::clamp(group->count / 2, kGroup, kGroupAgain)) return slot;
  const auto id = book.at(slot).id;
  lookAtGroup(skeleton);
  slot = book.byId(links.resolve(id));
  unpack(book.at(slot).packed, pieces);
  return mergeAllAlike(slot);
}

Slot TemplateMiner::Impl::mergeAllAlike(Slot slot) {
  for (auto next = mergeAlike(slot); next != kNoSlot; next = mergeAlike(slot)) {
    slot = next;
    unpack(book.at(slot).packed, pieces);
  }
  return slot;
}

/// Merges the template with those that differ in one place, the one where that brings most; kNoSlot: nowhere.
Slot TemplateMiner::Impl::mergeAlike(Slot slot) {
  TemplateBook::placeKeys(pieces, book.at(slot).shape, keys);
  const PlaceKey* best = nullptr;
  size_t most = 1;
  for (const auto& key : keys) {
    size_t words = 0, variables = 0;
    book.visitAlike(slot, key, [&](Slot other) {
      const bool variable = (book.at(other).shape.variables >> key.place & 1) != 0;
      ++(variable ? variables : words);
    });
    if (words == 0 || words + variables <= most || words < needed(pieces, key.place, variables > 0)) continue;
    most = words + variables;
    best = &key;
  }
  if (best == nullptr) return kNoSlot;
  std::vector<Slot> members;
  book.visitAlike(slot, *best, [&](Slot other) { members.push_back(other); });
  return unite(std::move(members), uint64_t(1) << best->place);
}

/// All become the oldest of them, with variables at `places` and wherever one of them has one.
Slot TemplateMiner::Impl::unite(std::vector<Slot> members, uint64_t places) {
  const auto byOrder = [&](Slot slot) { return book.at(slot).order; };
  std::ranges::sort(members, {}, byOrder);
  std::vector<Piece> united, other;
  unpack(book.at(members.front()).packed, united);
  const auto mix = [&](Slot slot) {
    unpack(book.at(slot).packed, other);
    for (size_t i = 0; i < std::min(united.size(), other.size()); ++i) mixIn(united[i], other[i]);
  };
  std::for_each(members.begin() + 1, members.end(), mix);
  for (size_t i = 0; i < std::min(united.size(), kMaskPlaces); ++i) {
    if ((places >> i & 1) != 0 && !united[i].isVariable()) open(united[i]);
  }
  const auto same = book.byShape(shapeOf(united).whole());
  if (same != kNoSlot && std::ranges::find(members, same) == members.end()) {
    mix(same);
    members.push_back(same);
    std::ranges::sort(members, {}, byOrder);
  }
  auto tallies = talliesOf(united, members);
  for (auto left = places; left != 0; left &= left - 1) {
    const auto place = static_cast<size_t>(std::countr_zero(left));
    for (const auto slot : members)
      book.at(members.front()).samples.add(place, unpackOne(book.at(slot).packed, place).text);
  }
  const auto packed = pack(united);  // the texts are those of members, which go
  const auto survivor = members.front();
  std::for_each(members.begin() + 1, members.end(), [&](Slot slot) { absorb(slot, survivor); });
  unpack(packed, united);
  book.change(survivor, united);
  book.at(survivor).tallies = std::move(tallies);
  return survivor;
}

void TemplateMiner::Impl::absorb(Slot slot, Slot into) {
  auto& entry = book.at(into);
  const auto& gone = book.at(slot);
  if (entry.count == 0) entry.first = gone.first, entry.last = gone.last;
  if (gone.count > 0) {
    entry.first = std::min(entry.first, gone.first);
    entry.last = std::max(entry.last, gone.last);
  }
  entry.count += gone.count;
  entry.used = std::max(entry.used, gone.used);
  const auto id = gone.id;
  book.erase(slot);
  links.put(id, entry.id);
  tell({.from = id, .into = entry.id});
}

/// For the places that words made variables and that may be choices after all, judging by the members.
std::vector<Tally> TemplateMiner::Impl::talliesOf(const std::vector<Piece>& united,
                                                  const std::vector<Slot>& members) const {
  std::vector<Tally> tallies;
  for (size_t i = 0; i < std::min(united.size(), kMaskPlaces); ++i) {
    if (!united[i].isVariable() || (united[i].types & kTookWords) == 0 || isBehindName(united, i)) continue;
    Tally tally{.place = static_cast<uint16_t>(i), .lines = 0, .values = {}};
    const bool few = std::ranges::all_of(members, [&](Slot slot) {
      const auto& entry = book.at(slot);
      if ((entry.shape.variables >> i & 1) == 0) {
        const auto word = unpackOne(entry.packed, i);
        return tally.add(word.text, word.hash, entry.count);
      }
      const auto known = std::ranges::find(entry.tallies, i, &Tally::place);
      return known != entry.tallies.end() &&
             std::ranges::all_of(known->values, [&](const Tally::Value& value) {
               return tally.add(value.text, value.hash, value.count);
             });
    });
    if (few) tallies.push_back(std::move(tally));
  }
  return tallies;
}

/// The newest members, a row each, with their ids, the places that are fixed, and which place a column is.
MessageTable TemplateMiner::Impl::tableOf(const SkeletonGroup& group, std::vector<uint64_t>& ids,
                                          std::vector<uint64_t>& fixed, std::vector<uint32_t>& places) {
  MessageTable table;
  for (auto slot = group.newest; slot != kNoSlot && ids.size() < kGroupRows; slot = book.at(slot).older) {
    const auto& entry = book.at(slot);
    if (entry.shape.length != book.at(group.newest).shape.length) continue;
    unpack(entry.packed, pieces);
    uint64_t fixedHere = 0;
    places.clear();
    for (uint32_t i = 0; i < std::min(pieces.size(), kMaskPlaces); ++i) {
      if (pieces[i].isMark()) continue;
      places.push_back(i);
      table.hashes.push_back(pieces[i].hash);
      if (pieces[i].fixed) fixedHere |= uint64_t(1) << i;
    }
    ids.push_back(entry.id);
    fixed.push_back(fixedHere);
    table.once.push_back(entry.count <= 1);
  }
  table.columns = places.size();
  return table;
}

/// Merges templates that differ in several places.
void TemplateMiner::Impl::lookAtGroup(uint64_t skeleton) {
  auto& group = *book.group(skeleton);
  group.since = 0;
  std::vector<uint64_t> ids, fixed;
  std::vector<uint32_t> places;
  for (const auto& statement : findStatements(tableOf(group, ids, fixed, places))) {
    uint64_t open = 0;
    for (const auto column : statement.columns) open |= uint64_t(1) << places[column];
    std::vector<Slot> members;
    for (const auto row : statement.rows) {
      const auto slot = book.byId(ids[row]);
      if (slot != kNoSlot && (fixed[row] & open) == 0) members.push_back(slot);
    }
    if (members.size() < kGroup) continue;
    const auto slot = unite(std::move(members), open);
    auto covered = coveredBy(slot);
    if (covered.empty()) continue;
    covered.push_back(slot);
    unite(std::move(covered), 0);
  }
}

/// Others that the template stands for as well.
std::vector<Slot> TemplateMiner::Impl::coveredBy(Slot slot) {
  const auto& by = book.at(slot);
  std::vector<Slot> covered;
  size_t walked = 0;
  for (auto at = book.group(by.skeleton)->newest; at != kNoSlot && walked < kGroupWalk;
       at = book.at(at).older, ++walked) {
    const auto& entry = book.at(at);
    const bool like = entry.shape.length == by.shape.length;
    if (at == slot || !like || (entry.shape.variables & ~by.shape.variables) != 0) continue;
    unpack(entry.packed, pieces);
    auto shape = entry.shape;
    bool fixed = false;
    for (auto left = by.shape.variables & ~shape.variables; left != 0; left &= left - 1) {
      const auto place = static_cast<size_t>(std::countr_zero(left));
      fixed = fixed || pieces[place].fixed || (by.open >> place & 1) == 0;
      shape = shape.exchanged(place, pieces[place].hash);
    }
    if (!fixed && shape == by.shape) covered.push_back(at);
  }
  return covered;
}

Slot TemplateMiner::Impl::countWords(Slot slot, std::string_view message, const std::vector<Token>& tokens) {
  auto& tallies = book.at(slot).tallies;
  for (size_t i = 0; i < tallies.size();) {
    auto& tally = tallies[i];
    const auto* token = tally.place < tokens.size() ? &tokens[tally.place] : nullptr;
    const bool word = token != nullptr && token->type == TokenType::Word;
    if (!word || !tally.add(wordOf(message, *token), token->hash, 1)) {
      tallies.erase(tallies.begin() + static_cast<ptrdiff_t>(i));
      continue;
    }
    if (++tally.lines >= kTallyLines) {
      const auto full = std::move(tally);
      tallies.erase(tallies.begin() + static_cast<ptrdiff_t>(i));
      return split(slot, full, token->hash);
    }
    ++i;
  }
  return slot;
}

/// A template for each word that was counted, of which one goes on as the old one; where `wordNow` is then.
Slot TemplateMiner::Impl::split(Slot slot, const Tally& tally, uint64_t wordNow) {
  std::vector<Tally::Value> values;
  std::ranges::copy_if(tally.values, std::back_inserter(values),
                       [](const auto& one) { return one.count > 0; });
  if (book.size() + values.size() > options.maxTemplates + 1) return slot;
  const auto id = book.at(slot).id;
  const auto wholeWith = [&](const Tally::Value& value) {
    auto shape = book.at(slot).shape;
    shape.sum += (value.hash - kVariableHash) * shape_detail::kPowers[tally.place];
    return shape.whole();
  };
  const auto first = std::ranges::find(values, id, wholeWith);
  const auto stays =
      first != values.end() ? first : std::ranges::max_element(values, {}, &Tally::Value::count);
  std::iter_swap(values.begin(), stays);
  Slot now = slot;
  for (size_t i = 1; i < values.size(); ++i) {
    const auto part = splitOff(slot, values[i], tally.place);
    if (values[i].hash == wordNow) now = part;
  }
  if (book.byShape(wholeWith(values[0])) != kNoSlot) {  // nothing is left of it
    const auto part = splitOff(slot, values[0], tally.place);
    absorb(slot, part);
    return now == slot ? part : now;
  }
  std::vector<Piece> kept;
  unpack(book.at(slot).packed, kept);
  fix(kept[tally.place], values[0]);
  book.change(slot, kept);
  startAgain(book.at(slot).tallies);
  return now;
}

/// Gives the messages with this word to a template of their own; where it is.
Slot TemplateMiner::Impl::splitOff(Slot slot, const Tally::Value& value, size_t place) {
  auto& from = book.at(slot);
  std::vector<Piece> part;
  unpack(from.packed, part);
  fix(part[place], value);
  const auto whole = shapeOf(part).whole();
  auto into = book.byShape(whole);
  if (into == kNoSlot) {
    const auto id = freeId(whole);
    links.erase(id);
    into = book.create(id, part);
    book.at(into).first = from.first;
    book.at(into).tallies = from.tallies;
    startAgain(book.at(into).tallies);
  } else {
    unpack(book.at(into).packed, part);
    if (place < part.size()) part[place].fixed = true;
    book.change(into, part);
  }
  auto& entry = book.at(into);
  const auto count = std::min(value.count, from.count);
  entry.count += count;
  entry.last = std::max(entry.last, from.last);
  entry.used = std::max(entry.used, from.used);
  const auto share = static_cast<double>(count) / static_cast<double>(std::max<uint64_t>(from.count, 1));
  tell({.from = from.id, .into = entry.id, .isSplit = true, .share = share});
  from.count -= count;
  return into;
}

}  // namespace aiops::detection
