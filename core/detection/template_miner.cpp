// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_miner.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "base/bytes.h"
#include "detection/template_tokens.h"

namespace aiops::detection {
namespace {

constexpr size_t kPlaces = 32;  // of a template are looked at for merging
constexpr size_t kShapesPerTemplate = 8, kContextsPerTemplate = 16, kLinksPerTemplate = 2;
constexpr size_t kWordBytes = 256;  // kept of a word
constexpr size_t kNever = SIZE_MAX;

/// How many values a word takes before it is a variable.
constexpr size_t kUsual = 5, kAtBegin = 12, kBehindColon = 3, kInBrackets = 2, kBehindName = 2;
constexpr std::array<std::string_view, 6> kNames = {"user",     "account",  "host",
                                                    "hostname", "username", "login"};

constexpr std::string_view kMagic = "templates1";

/// A place of a template.
struct Piece {
  TokenType type = TokenType::Word;
  bool touches = false;
  uint16_t types = 0;  ///< of a variable: a bit for each type seen
  uint64_t hash = 0;
  std::string text;  ///< of a word or mark

  bool isVariable() const { return type >= TokenType::Number; }
};

std::string_view nameOf(TokenType type) {
  switch (type) {
    case TokenType::Number:
      return "<number>";
    case TokenType::Hex:
      return "<hex>";
    case TokenType::Ip:
      return "<ip>";
    case TokenType::Uuid:
      return "<uuid>";
    case TokenType::Host:
      return "<host>";
    case TokenType::Path:
      return "<path>";
    case TokenType::Duration:
      return "<duration>";
    case TokenType::Size:
      return "<size>";
    case TokenType::Time:
      return "<time>";
    case TokenType::Quoted:
      return "<quoted>";
    case TokenType::Object:
      return "<object>";
    default:
      return "<*>";
  }
}

/// The one type that a place took, or any.
TokenType typeOf(uint16_t types) {
  for (auto type = TokenType::Number; type <= TokenType::Any;
       type = static_cast<TokenType>(static_cast<uint8_t>(type) + 1)) {
    if (types == 1u << static_cast<uint8_t>(type)) return type;
  }
  return TokenType::Any;
}

struct Entry {
  uint64_t id = 0;
  uint64_t order = 0;  ///< of the first message
  uint64_t used = 0;   ///< of the newest message
  uint64_t count = 0;
  base::TimePoint first, last;
  std::vector<Piece> pieces;
};

/// Templates that are alike but for one place.
struct Context {
  uint64_t variable = 0;        ///< the one that has a variable there; 0: none
  std::vector<uint64_t> words;  ///< those that have a word there
};

/// The hash of a sequence of hashes in which one place can be exchanged.
class Shape {
 public:
  void add(uint64_t hash) {
    m_sum += hash * m_factor;
    m_factor *= kBase;
    ++m_length;
  }
  uint64_t whole() const { return finish(m_sum, 0); }
  /// With variables at these places, where the hashes are as given.
  uint64_t withVariable(size_t place, uint64_t hash) const {
    return finish(m_sum + exchange(place, hash), 0);
  }
  uint64_t withVariables(size_t a, uint64_t hashA, size_t b, uint64_t hashB) const {
    return finish(m_sum + exchange(a, hashA) + exchange(b, hashB), 0);
  }
  uint64_t without(size_t place, uint64_t hash) const {
    return finish(m_sum + exchange(place, hash), place + 1);
  }

 private:
  static constexpr uint64_t kBase = 0x9e3779b97f4a7c15u;

  static uint64_t power(size_t place) {
    uint64_t factor = 1;
    while (place-- > 0) factor *= kBase;
    return factor;
  }
  static uint64_t exchange(size_t place, uint64_t hash) { return (kVariableHash - hash) * power(place); }
  uint64_t finish(uint64_t sum, uint64_t salt) const {
    const auto hash = mixHash(mixHash(sum, m_length), salt);
    return hash == 0 ? 1 : hash;  // 0 stands for none
  }

  uint64_t m_sum = 0;
  uint64_t m_factor = 1;
  uint64_t m_length = 0;
};

template <class Pieces>
Shape shapeOf(const Pieces& pieces) {
  Shape shape;
  for (const auto& piece : pieces) shape.add(piece.hash);
  return shape;
}

// Bytes ----------------------------------------------------------------------------------------------------

void put(std::string& out, uint64_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out.append(text);
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
  std::string text() {
    const auto length = number();
    return take(length) ? std::string(m_bytes.substr(m_at - length, length)) : std::string();
  }
  bool ok() const { return m_ok; }
  bool atEnd() const { return m_at == m_bytes.size(); }

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

}  // namespace

struct TemplateMiner::Impl {
  explicit Impl(MinerOptions given) : options(given) {}

  MinerOptions options;
  Tokeniser tokeniser;
  std::unordered_map<uint64_t, uint64_t> shapes;  ///< of messages and templates, to the template
  std::unordered_map<uint64_t, Entry> entries;
  std::unordered_map<uint64_t, Context> contexts;
  std::unordered_map<uint64_t, uint64_t> merged;  ///< to the template that it is part of
  std::vector<std::pair<uint64_t, uint64_t>> merges;
  uint64_t clock = 0;

  uint64_t resolve(uint64_t id) const;
  uint64_t known(uint64_t shape) const;
  uint64_t covering(const std::vector<Piece>& pieces, const Shape& shape) const;
  size_t needed(const std::vector<Piece>& pieces, size_t place, bool besideVariable) const;
  uint64_t take(std::string_view message, const std::vector<Token>& tokens, bool& isNew);
  void enter(uint64_t id);
  void merge(uint64_t context, size_t place);
  void absorb(uint64_t from, uint64_t into);
  void forgetOldest();
  void rebuildIndex();
};

uint64_t TemplateMiner::Impl::resolve(uint64_t id) const {
  for (auto at = merged.find(id); at != merged.end(); at = merged.find(id)) id = at->second;
  return id;
}

/// The template of a shape, or 0.
uint64_t TemplateMiner::Impl::known(uint64_t shape) const {
  const auto found = shapes.find(shape);
  if (found == shapes.end()) return 0;
  const auto id = resolve(found->second);
  return entries.contains(id) ? id : 0;
}

/// How many different words, `besideVariable` or not, make `place` a variable.
size_t TemplateMiner::Impl::needed(const std::vector<Piece>& pieces, size_t place,
                                   bool besideVariable) const {
  size_t constants = 0, depth = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    constants += i != place && pieces[i].type == TokenType::Word;
    if (i >= place || pieces[i].type != TokenType::Punctuation) continue;
    const char mark = pieces[i].text.front();
    depth += mark == '(' || mark == '[' || mark == '{';
    if ((mark == ')' || mark == ']' || mark == '}') && depth > 0) --depth;
  }
  if (constants == 0) return kNever;
  if (constants == 1) return kAtBegin;
  if (besideVariable) return place > 0 || constants >= 3 ? 1 : 3;
  if (place == 0) return kAtBegin;
  const auto& before = pieces[place - 1];
  if (before.type == TokenType::Word && std::ranges::find(kNames, before.text) != kNames.end())
    return kBehindName;
  if (before.type == TokenType::Punctuation && before.text == ":")
    return depth > 0 ? kInBrackets : kBehindColon;
  return kUsual;
}

/// A template that has variables where this shape has one or two of its words.
uint64_t TemplateMiner::Impl::covering(const std::vector<Piece>& pieces, const Shape& shape) const {
  std::vector<size_t> words;
  for (size_t i = 0; i < pieces.size() && words.size() < kPlaces; ++i) {
    if (pieces[i].type == TokenType::Word) words.push_back(i);
  }
  for (const auto place : words) {
    if (const auto id = known(shape.withVariable(place, pieces[place].hash));
        id != 0 && needed(pieces, place, true) == 1)
      return id;
  }
  for (size_t a = 0; a < words.size(); ++a) {
    for (size_t b = a + 1; b < words.size(); ++b) {
      const auto id =
          known(shape.withVariables(words[a], pieces[words[a]].hash, words[b], pieces[words[b]].hash));
      if (id != 0 && words.size() >= 4) return id;
    }
  }
  return 0;
}

uint64_t TemplateMiner::Impl::take(std::string_view message, const std::vector<Token>& tokens, bool& isNew) {
  std::vector<Piece> pieces;
  for (const auto& token : tokens) {
    auto& piece = pieces.emplace_back();
    piece.type = token.type;
    piece.touches = token.touches;
    piece.hash = token.hash;
    if (token.isVariable())
      piece.types = static_cast<uint16_t>(1u << static_cast<uint8_t>(token.type));
    else
      piece.text = message.substr(token.start, std::min<size_t>(token.length, kWordBytes));
  }
  const auto shape = shapeOf(pieces);
  const auto whole = shape.whole();
  // Messages that keep merging leave contexts and links behind though the templates stay few.
  if (shapes.size() > kShapesPerTemplate * options.maxTemplates ||
      contexts.size() > kContextsPerTemplate * options.maxTemplates)
    rebuildIndex();
  if (merged.size() > kLinksPerTemplate * options.maxTemplates) merged.clear();
  if (const auto id = covering(pieces, shape)) {
    shapes[whole] = id;
    return id;
  }
  isNew = true;
  if (entries.size() >= options.maxTemplates) forgetOldest();
  auto& entry = entries[whole];
  entry.id = whole;
  entry.order = clock;
  entry.pieces = std::move(pieces);
  merged.erase(whole);
  shapes[whole] = whole;
  enter(whole);
  return resolve(whole);
}

/// Makes a template known to those that are alike, and merges where there are enough of them.
void TemplateMiner::Impl::enter(uint64_t id) {
  const auto pieces = entries.at(id).pieces;
  const auto shape = shapeOf(pieces);
  uint64_t best = 0;
  size_t bestPlace = 0, most = 0, looked = 0;
  for (size_t place = 0; place < pieces.size() && looked < kPlaces; ++place) {
    const auto& piece = pieces[place];
    if (piece.type == TokenType::Punctuation) continue;
    ++looked;
    const auto key = shape.without(place, piece.hash);
    auto& context = contexts[key];
    if (piece.isVariable()) {
      context.variable = id;
    } else if (std::ranges::find(context.words, id) == context.words.end()) {
      context.words.push_back(id);
    }
    const bool beside = context.variable != 0 && entries.contains(resolve(context.variable));
    const auto count = context.words.size();
    if (count == 0 || count < needed(pieces, place, beside)) continue;
    if (beside && count == 0) continue;
    if (count + beside < 2 || count + beside <= most) continue;
    most = count + beside;
    best = key;
    bestPlace = place;
  }
  if (best != 0) merge(best, bestPlace);
}

void TemplateMiner::Impl::absorb(uint64_t from, uint64_t into) {
  const auto gone = entries.find(from);
  if (from == into || gone == entries.end()) return;
  auto& survivor = entries.at(into);
  survivor.count += gone->second.count;
  survivor.first = std::min(survivor.first, gone->second.first);
  survivor.last = std::max(survivor.last, gone->second.last);
  survivor.used = std::max(survivor.used, gone->second.used);
  for (size_t i = 0; i < survivor.pieces.size() && i < gone->second.pieces.size(); ++i)
    survivor.pieces[i].types |= gone->second.pieces[i].types;
  entries.erase(gone);
  merged[from] = into;
  merges.emplace_back(from, into);
}

/// All templates of the context become the oldest of them, with a variable at `place`.
void TemplateMiner::Impl::merge(uint64_t key, size_t place) {
  auto& context = contexts.at(key);
  std::vector<uint64_t> all;
  const auto take = [&](uint64_t id) {
    id = resolve(id);
    const auto found = entries.find(id);
    const bool fits = found != entries.end() && found->second.pieces.size() > place;
    if (fits && std::ranges::find(all, id) == all.end()) all.push_back(id);
  };
  for (const auto id : context.words) take(id);
  if (context.variable != 0) take(context.variable);
  context.words.clear();
  if (all.size() < 2) return;
  const auto survivor = *std::ranges::min_element(all, {}, [&](uint64_t id) { return entries.at(id).order; });
  for (const auto id : all) absorb(id, survivor);
  context.variable = survivor;
  auto& entry = entries.at(survivor);
  auto& piece = entry.pieces[place];
  if (!piece.isVariable()) {
    piece.type = TokenType::Any;
    piece.hash = kVariableHash;
    piece.text.clear();
    piece.types |= 1u << static_cast<uint8_t>(TokenType::Any);
  }
  const auto shape = shapeOf(entry.pieces).whole();
  const auto other = known(shape);
  shapes[shape] = survivor;
  if (other != 0 && other != survivor) {
    const bool older = entries.at(other).order < entry.order;
    absorb(older ? survivor : other, older ? other : survivor);
    return enter(older ? other : survivor);
  }
  enter(survivor);
}

/// A tenth of the templates leaves.
void TemplateMiner::Impl::forgetOldest() {
  std::vector<std::pair<uint64_t, uint64_t>> byUse;
  for (const auto& [id, entry] : entries) byUse.emplace_back(entry.used, id);
  const auto count = static_cast<ptrdiff_t>(std::max<size_t>(byUse.size() / 10, 1));
  std::ranges::nth_element(byUse, byUse.begin() + count - 1);
  for (auto at = byUse.begin(); at != byUse.begin() + count; ++at) entries.erase(at->second);
  std::erase_if(merged, [&](const auto& link) { return !entries.contains(resolve(link.second)); });
  rebuildIndex();
}

/// Shapes and contexts of what there is; others are found again when they come.
void TemplateMiner::Impl::rebuildIndex() {
  shapes.clear();
  contexts.clear();
  std::vector<const Entry*> inOrder;
  for (const auto& [id, entry] : entries) inOrder.push_back(&entry);
  std::ranges::sort(inOrder, {}, [](const Entry* entry) { return entry->order; });
  for (const auto* entry : inOrder) {
    const auto shape = shapeOf(entry->pieces);
    shapes[shape.whole()] = entry->id;
    size_t looked = 0;
    for (size_t place = 0; place < entry->pieces.size() && looked < kPlaces; ++place) {
      const auto& piece = entry->pieces[place];
      if (piece.type == TokenType::Punctuation) continue;
      ++looked;
      auto& context = contexts[shape.without(place, piece.hash)];
      if (piece.isVariable())
        context.variable = entry->id;
      else
        context.words.push_back(entry->id);
    }
  }
}

TemplateMiner::TemplateMiner(MinerOptions options) : m_impl(std::make_unique<Impl>(options)) {}
TemplateMiner::~TemplateMiner() = default;
TemplateMiner::TemplateMiner(TemplateMiner&&) noexcept = default;
TemplateMiner& TemplateMiner::operator=(TemplateMiner&&) noexcept = default;

Mined TemplateMiner::add(std::string_view message, base::TimePoint time) {
  auto& impl = *m_impl;
  const auto& tokens = impl.tokeniser.cut(message);
  ++impl.clock;
  Mined out;
  out.id = impl.known(shapeOf(tokens).whole());
  if (out.id == 0) out.id = impl.take(message, tokens, out.isNew);
  auto& entry = impl.entries.at(out.id);
  if (entry.count++ == 0) entry.first = time;
  entry.first = std::min(entry.first, time);
  entry.last = std::max(entry.last, time);
  entry.used = impl.clock;
  return out;
}

uint64_t TemplateMiner::current(uint64_t id) const {
  return m_impl->resolve(id);
}

std::optional<Template> TemplateMiner::find(uint64_t id) const {
  const auto found = m_impl->entries.find(m_impl->resolve(id));
  if (found == m_impl->entries.end()) return std::nullopt;
  const auto& entry = found->second;
  Template out{.id = entry.id, .count = entry.count, .first = entry.first, .last = entry.last};
  for (const auto& piece : entry.pieces) {
    const auto* gap = piece.touches || out.text.empty() ? "" : " ";
    out.text += gap;
    out.typed += gap;
    out.text += piece.isVariable() ? "<*>" : piece.text;
    out.typed += piece.isVariable() ? nameOf(typeOf(piece.types)) : std::string_view(piece.text);
  }
  return out;
}

size_t TemplateMiner::size() const {
  return m_impl->entries.size();
}

std::vector<Template> TemplateMiner::all() const {
  std::vector<const Entry*> inOrder;
  for (const auto& [id, entry] : m_impl->entries) inOrder.push_back(&entry);
  std::ranges::sort(inOrder, {}, [](const Entry* entry) { return entry->order; });
  std::vector<Template> out;
  for (const auto* entry : inOrder) out.push_back(*find(entry->id));
  return out;
}

std::vector<std::pair<uint64_t, uint64_t>> TemplateMiner::takeMerges() {
  return std::exchange(m_impl->merges, {});
}

std::string TemplateMiner::snapshot() const {
  std::string body;
  put(body, m_impl->clock);
  put(body, m_impl->entries.size());
  std::vector<const Entry*> inOrder;
  for (const auto& [id, entry] : m_impl->entries) inOrder.push_back(&entry);
  std::ranges::sort(inOrder, {}, [](const Entry* entry) { return entry->order; });
  for (const auto* entry : inOrder) {
    for (const uint64_t value : {entry->id, entry->order, entry->used, entry->count,
                                 static_cast<uint64_t>(entry->first.time_since_epoch().count()),
                                 static_cast<uint64_t>(entry->last.time_since_epoch().count()),
                                 static_cast<uint64_t>(entry->pieces.size())})
      put(body, value);
    for (const auto& piece : entry->pieces) {
      put(body, static_cast<uint64_t>(piece.type) | static_cast<uint64_t>(piece.touches) << 8 |
                    static_cast<uint64_t>(piece.types) << 16);
      if (!piece.isVariable()) put(body, std::string_view(piece.text));
    }
  }
  std::vector<std::pair<uint64_t, uint64_t>> links(m_impl->merged.begin(), m_impl->merged.end());
  std::ranges::sort(links);
  put(body, links.size());
  for (const auto& [from, into] : links) {
    put(body, from);
    put(body, into);
  }
  return std::string(kMagic) + base::sha256Hex(body).substr(0, 16) + body;
}

base::Result<> TemplateMiner::restore(std::string_view snapshot) {
  const auto options = m_impl->options;
  m_impl = std::make_unique<Impl>(options);
  const auto broken = [] { return base::fail(base::ErrorCode::Corrupt, "the templates can't be read"); };
  constexpr size_t kHead = kMagic.size() + 16;
  if (snapshot.size() < kHead || !snapshot.starts_with(kMagic)) return broken();
  const auto body = snapshot.substr(kHead);
  if (base::sha256Hex(body).substr(0, 16) != snapshot.substr(kMagic.size(), 16)) return broken();
  auto fresh = std::make_unique<Impl>(options);
  Bytes in(body);
  fresh->clock = in.number();
  for (auto count = in.number(); count > 0 && in.ok(); --count) {
    Entry entry;
    entry.id = in.number();
    entry.order = in.number();
    entry.used = in.number();
    entry.count = in.number();
    entry.first = base::TimePoint(base::Duration(static_cast<int64_t>(in.number())));
    entry.last = base::TimePoint(base::Duration(static_cast<int64_t>(in.number())));
    for (auto pieces = in.number(); pieces > 0 && in.ok(); --pieces) {
      Piece piece;
      const auto packed = in.number();
      piece.type =
          static_cast<TokenType>(std::min<uint64_t>(packed & 0xff, static_cast<uint64_t>(TokenType::Any)));
      piece.touches = (packed >> 8 & 1) != 0;
      piece.types = static_cast<uint16_t>(packed >> 16);
      piece.hash = kVariableHash;
      if (!piece.isVariable()) {
        piece.text = in.text();
        const bool mark = piece.type == TokenType::Punctuation && !piece.text.empty();
        piece.hash = mark ? mixHash(1, static_cast<unsigned char>(piece.text.front())) : textHash(piece.text);
      }
      entry.pieces.push_back(std::move(piece));
    }
    fresh->entries[entry.id] = std::move(entry);
  }
  for (auto links = in.number(); links > 0 && in.ok(); --links) {
    const auto from = in.number();
    fresh->merged[from] = in.number();
  }
  if (!in.ok() || !in.atEnd()) return broken();
  for (const auto& [from, into] : fresh->merged) {  // links in a circle would never end
    size_t steps = 0;
    for (auto at = fresh->merged.find(into); at != fresh->merged.end(); at = fresh->merged.find(at->second)) {
      if (at->first == from || ++steps > fresh->merged.size()) return broken();
    }
  }
  fresh->rebuildIndex();
  m_impl = std::move(fresh);
  return {};
}

}  // namespace aiops::detection
