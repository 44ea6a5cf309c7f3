// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/matcher.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/bytes.h"
#include "detection/needed.h"

namespace aiops::detection {
namespace {

constexpr int64_t kSetBytes = 64 << 20;
constexpr size_t kCaptureBytes = 256;
constexpr size_t kWorthASet = 8;
constexpr size_t kLongExpression = 400;  ///< bytes; beyond it pieces of it are cheaper to look for

bool found(const RE2& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

/// An equal value as an expression.
std::string exactly(const std::string& value) {
  return '^' + RE2::QuoteMeta(value) + '$';
}

/// A test of one field that every record which the condition takes passes.
const CompiledCondition* needed(const std::vector<CompiledCondition>& all) {
  for (const auto& condition : all) {
    if (condition.kind == Condition::Kind::Field && (condition.regex || condition.test.equals))
      return &condition;
    if (condition.kind != Condition::Kind::All) continue;
    if (const auto* part = needed(condition.parts)) return part;
  }
  return nullptr;
}

/// The expression, or the pieces of it or of fuzzy text, by which a selection is looked for, and where.
struct Key {
  std::string field;
  std::string expression;
  std::vector<std::string> pieces;
  bool ready = false;  ///< the pieces are, see Scanner::Item
};

std::optional<Key> keyOf(const CompiledSelection& selection) {
  if (selection.fuzzy) return Key{selection.field, {}, selection.fuzzy->pieces(), true};
  if (selection.regex) {
    auto pieces = selection.regex->pattern().size() > kLongExpression
                      ? neededExpressions(selection.regex->pattern())
                      : std::vector<std::string>();
    return Key{selection.field, selection.regex->pattern(), std::move(pieces)};
  }
  if (!selection.fields.empty())
    return Key{selection.fields.front().first, selection.fields.front().second->pattern(), {}};
  if (const auto* condition = needed(selection.where)) {
    return Key{condition->test.field,
               condition->regex ? condition->regex->pattern() : exactly(*condition->test.equals),
               {}};
  }
  return std::nullopt;
}

}  // namespace

/// The selectors that look at one field.
struct Matcher::Group {
  std::vector<Scanner::Item> items;
  std::unique_ptr<const Scanner> scanner;
  std::vector<uint32_t> alone;    ///< not in the scanner: RE2 looks for each
  std::unique_ptr<RE2::Set> set;  ///< of those, when they are many
};

namespace {

/// Finds a std::string by a view of one.
struct NameHash {
  using is_transparent = void;
  size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};

}  // namespace

struct Matcher::Index {
  Group text;
  std::unordered_map<std::string, Group, NameHash, std::equal_to<>> fields;
  std::vector<uint32_t> always;  ///< without anything to look for
  std::map<size_t, std::string> reasons;
};

namespace {

/// One automaton for all that Vectorscan does not take; none when they don't fit together.
std::unique_ptr<RE2::Set> setOf(const std::vector<uint32_t>& selectors,
                                const std::unordered_map<uint32_t, std::string>& expressions) {
  auto options = expressionOptions();
  options.set_max_mem(kSetBytes);
  auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  for (const auto selector : selectors) {
    if (set->Add(expressions.at(selector), nullptr) < 0) return nullptr;
  }
  return set->Compile() ? std::move(set) : nullptr;
}

}  // namespace

Matcher::Matcher(std::vector<std::shared_ptr<const CompiledPattern>> patterns)
    : m_patterns(std::move(patterns)) {
  for (size_t pattern = 0; pattern < m_patterns.size(); ++pattern) {
    m_first.push_back(m_selectors.size());
    const auto& selections = m_patterns[pattern]->selections;
    for (size_t step = 0; step < selections.size(); ++step)
      m_selectors.push_back({pattern, step, &selections[step]});
  }
  findShared();
}

void Matcher::findShared() {
  std::map<std::pair<std::string, std::string>, std::vector<size_t>> byExpression;
  for (size_t i = 0; i < m_selectors.size(); ++i) {
    const auto& selection = *m_selectors[i].selection;
    if (selection.regex && !selection.fuzzy)
      byExpression[{selection.field, selection.regex->pattern()}].push_back(i);
  }
  m_shared.assign(m_selectors.size(), 0);
  for (const auto& [expression, selectors] : byExpression) {
    if (selectors.size() < 2) continue;
    ++m_sharedCount;
    for (const auto selector : selectors) m_shared[selector] = m_sharedCount;
  }
}

Matcher::~Matcher() = default;

const Matcher::Index& Matcher::index() const {
  std::call_once(m_indexOnce, [this] {
    auto index = std::make_unique<Index>();
    std::unordered_map<uint32_t, std::string> expressions;
    for (uint32_t i = 0; i < m_selectors.size(); ++i) {
      auto key = keyOf(*m_selectors[i].selection);
      if (!key) {
        index->always.push_back(i);
        continue;
      }
      const bool whole = key->field.empty() || key->field == "text";
      auto& group = whole ? index->text : index->fields[key->field];
      for (auto& piece : key->pieces) group.items.push_back({i, std::move(piece), key->ready});
      if (!key->expression.empty()) expressions[i] = key->expression;
      if (key->pieces.empty()) group.items.push_back({i, std::move(key->expression), false});
    }
    const auto build = [&](Group& group) {
      std::vector<Scanner::Refused> refused;
      group.scanner = Scanner::build(group.items, refused);
      group.items = {};
      bool expressionsOnly = true;
      for (auto& one : refused) {
        index->reasons.emplace(m_selectors[one.id].pattern, std::move(one.reason));
        expressionsOnly = expressionsOnly && expressions.contains(one.id);
        group.alone.push_back(one.id);
      }
      std::ranges::sort(group.alone);
      group.alone.erase(std::ranges::unique(group.alone).begin(), group.alone.end());
      if (group.alone.size() >= kWorthASet && expressionsOnly) group.set = setOf(group.alone, expressions);
    };
    build(index->text);
    for (auto& [field, group] : index->fields) build(group);
    m_index = std::move(index);
  });
  return *m_index;
}

void Matcher::prepare() const {
  index();
}

const std::map<size_t, std::string>& Matcher::alone() const {
  return index().reasons;
}

void Matcher::searchGroup(const Group& group, std::string_view text, const Wanted& wanted,
                          Search& search) const {
  if (text.empty()) return;
  auto& candidates = search.candidates;
  if (group.scanner && !group.scanner->scan(text, search.memory, candidates)) {
    // Never seen; all are candidates then.
    for (uint32_t i = 0; i < m_selectors.size(); ++i) candidates.push_back(i);
  }
  if (group.set) {
    std::vector<int> hits;
    RE2::Set::ErrorInfo error{};
    if (group.set->Match(re2::StringPiece(text.data(), text.size()), &hits, &error) ||
        error.kind == RE2::Set::kNoError) {
      for (const int hit : hits) candidates.push_back(group.alone[static_cast<size_t>(hit)]);
      return;
    }
  }
  for (const auto selector : group.alone) {
    if (wanted[selector]) candidates.push_back(selector);
  }
}

void Matcher::findCandidates(const model::LogRecord& record, const Wanted& wanted, Search& search) const {
  const auto& all = index();
  if (!search.prepared) {
    if (all.text.scanner) all.text.scanner->prepare(search.memory);
    for (const auto& [field, group] : all.fields) {
      if (group.scanner) group.scanner->prepare(search.memory);
    }
    search.prepared = true;
  }
  auto& candidates = search.candidates;
  candidates.clear();
  ++search.record;
  searchGroup(all.text, record.searched(), wanted, search);
  if (!all.fields.empty()) {
    const auto look = [&](std::string_view field, std::string_view value) {
      const auto group = all.fields.find(field);
      if (group != all.fields.end()) searchGroup(group->second, value, wanted, search);
    };
    look("message", record.message);
    for (const auto& [field, value] : record.fields) look(field, value);
  }
  for (const auto selector : all.always) {
    if (wanted[selector]) candidates.push_back(selector);
  }
  std::erase_if(candidates, [&](uint32_t selector) { return !wanted[selector]; });
  std::ranges::sort(candidates);
  candidates.erase(std::ranges::unique(candidates).begin(), candidates.end());
}

bool Matcher::matchesOnce(size_t selector, std::string_view target, Search& search) const {
  const auto shared = m_shared[selector];
  if (shared == 0) return matches(selector, target);
  search.shared.resize(m_sharedCount);
  auto& verdict = search.shared[shared - 1];
  if (verdict.record != search.record) verdict = {search.record, matches(selector, target)};
  return verdict.matches;
}

bool Matcher::takes(size_t selector, const model::LogRecord& record, Search* search) const {
  const auto& selection = *m_selectors[selector].selection;
  if (selection.levelAtLeast && record.severity < *selection.levelAtLeast) return false;
  const auto target = selection.target(record);
  if (target.empty()) return false;
  const bool matched = search ? matchesOnce(selector, target, *search) : matches(selector, target);
  return matched && objection(selector, record) == Objection::None;
}

bool Matcher::matches(size_t selector, std::string_view target) const {
  const auto& selection = *m_selectors[selector].selection;
  if (selection.regex && !found(*selection.regex, target)) return false;
  return !selection.fuzzy || selection.fuzzy->matches(target);
}

Matcher::Objection Matcher::objection(size_t selector, const model::LogRecord& record) const {
  const auto& selection = *m_selectors[selector].selection;
  if (selection.levelAtLeast && record.severity < *selection.levelAtLeast) return Objection::Level;
  if (selection.exclude && found(*selection.exclude, selection.target(record))) return Objection::Excluded;
  for (const auto& [name, regex] : selection.fields) {
    const auto value = fieldOf(record, name);
    if (value.empty() || !found(*regex, value)) return Objection::Field;
  }
  for (const auto& condition : selection.where) {
    if (!condition.holds(record)) return Objection::Condition;
  }
  return Objection::None;
}

std::vector<model::CaptureSpan> Matcher::spans(size_t selector, std::string_view target) const {
  std::vector<model::CaptureSpan> out;
  const auto& selection = *m_selectors[selector].selection;
  if (selection.fuzzy) {
    const auto match = selection.fuzzy->match(target);
    if (match.found)
      out.push_back({"", static_cast<uint32_t>(match.start), static_cast<uint32_t>(match.length)});
  }
  if (!selection.regex) return out;
  std::vector<re2::StringPiece> groups(selection.captureNames.size() + 1);
  const re2::StringPiece whole(target.data(), target.size());
  if (!selection.regex->Match(whole, 0, whole.size(), RE2::UNANCHORED, groups.data(),
                              static_cast<int>(groups.size()))) {
    return out;
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].data() == nullptr || (i > 0 && selection.captureNames[i - 1].empty())) continue;
    out.push_back({i == 0 ? "" : selection.captureNames[i - 1],
                   static_cast<uint32_t>(groups[i].data() - target.data()),
                   static_cast<uint32_t>(groups[i].size())});
  }
  return out;
}

namespace {

void addCaptures(const RE2& regex, const std::vector<std::string>& names, std::string_view text,
                 std::map<std::string, std::string>& values) {
  if (std::ranges::all_of(names, &std::string::empty)) return;
  std::vector<re2::StringPiece> groups(names.size() + 1);
  const re2::StringPiece input(text.data(), text.size());
  if (!regex.Match(input, 0, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
    return;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto& group = groups[i + 1];
    if (names[i].empty() || group.empty()) continue;
    values[names[i]] = base::validUtf8Prefix(std::string_view(group.data(), group.size()), kCaptureBytes);
  }
}

}  // namespace

std::map<std::string, std::string> Matcher::captures(size_t selector, const model::LogRecord& record) const {
  const auto& selection = *m_selectors[selector].selection;
  std::map<std::string, std::string> values;
  const auto text = selection.target(record);
  if (selection.fuzzy) {
    const auto match = selection.fuzzy->match(text);
    char similarity[16];
    std::snprintf(similarity, sizeof similarity, "%.2f", match.similarity);
    values["similarity"] = similarity;
    if (!match.differs.empty()) values["differs"] = base::validUtf8Prefix(match.differs, kCaptureBytes);
  }
  if (selection.regex) addCaptures(*selection.regex, selection.captureNames, text, values);
  for (const auto& regex : selection.extract) {
    std::map<std::string, std::string> more;
    addCaptures(*regex, captureNames(*regex), text, more);
    values.merge(more);  // what is there already stays
  }
  return values;
}

std::string captureOrField(const std::string& name, const model::LogRecord& record,
                           const std::map<std::string, std::string>& captures) {
  const auto capture = captures.find(name);
  return capture != captures.end() ? capture->second
                                   : base::validUtf8Prefix(fieldOf(record, name), kCaptureBytes);
}

std::optional<double> numberIn(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> numberOf(const std::string& name, const model::LogRecord& record,
                               const std::map<std::string, std::string>& captures) {
  return numberIn(captureOrField(name, record, captures));
}

std::string watchedValue(const PatternDocument& pattern) {
  if (const auto* temporal = std::get_if<TemporalKind>(&pattern.kind)) return temporal->value;
  const auto* anomaly = std::get_if<AnomalyKind>(&pattern.kind);
  return anomaly != nullptr && anomaly->of == AnomalyOf::Value ? anomaly->value : std::string();
}

std::string groupKey(const PatternDocument& pattern, const std::string& service,
                     const model::LogRecord& record, const std::map<std::string, std::string>& captures) {
  if (pattern.groupBy.empty()) return {};
  if (pattern.groupBy == "service") return base::validUtf8Prefix(service, kCaptureBytes);
  return captureOrField(pattern.groupBy, record, captures);
}

std::string distinctValue(const PatternDocument& pattern, const model::LogRecord& record,
                          const std::map<std::string, std::string>& captures) {
  return pattern.distinct.empty() ? std::string() : captureOrField(pattern.distinct, record, captures);
}

}  // namespace aiops::detection
