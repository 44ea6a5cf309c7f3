// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/sql_conditions.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace aiops::knowledge {
namespace {

constexpr int kMostDepth = 48;
constexpr size_t kMostWords = 80;  // of a condition that is quoted

/// How tightly an operator binds.
enum Binding { kAny = 0, kOr = 1, kAnd = 2, kNot = 3, kCompare = 4, kArithmetic = 5, kCast = 6 };

enum class Is : uint8_t { Column, Constant, Expression, Condition };

/// What a part of the expression is.
struct Value {
  Is is = Is::Expression;
  SqlColumn column{};
  bool asText = false;         ///< a column cast to text
  bool hasColumn = false;      ///< it is made of columns
  std::string_view literal{};  ///< of a string
  SqlConditions conditions{};
  size_t begin = 0;  ///< token
};

constexpr std::array<std::string_view, 9> kConstants = {"null",         "true",           "false",
                                                        "current_date", "current_time",   "current_timestamp",
                                                        "localtime",    "localtimestamp", "default"};
constexpr std::array<std::string_view, 10> kTypeWords = {"varying",   "without", "with",  "time", "zone",
                                                         "precision", "year",    "month", "day",  "second"};
constexpr std::array<std::string_view, 4> kTextTypes = {"text", "varchar", "character", "bpchar"};

template <size_t N>
bool isOneOf(const SqlToken& token, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is(word); });
}

/// 'abc%' with something before the first wildcard.
bool hasPrefix(std::string_view literal) {
  if (literal.size() < 3 || literal.front() != '\'') return false;
  const auto wild = literal.substr(1, literal.size() - 2).find_first_of("%_\\");
  return wild != std::string_view::npos && wild > 0;
}
bool hasWildcard(std::string_view literal) {
  return literal.empty() || literal.find_first_of("%_") != std::string_view::npos;
}

/// A parser by precedence (Pratt) over the tokens of one expression.
class ConditionParser {
 public:
  explicit ConditionParser(std::span<const SqlToken> tokens) : m_tokens(tokens) {}

  SqlConditions all() {
    if (m_tokens.empty()) return {};
    auto value = parse(kAny);
    if (m_broken || m_at < m_tokens.size()) return {.usable = {}, .unusable = {}, .understood = false};
    return asCondition(value);
  }

 private:
  bool ended() const { return m_at >= m_tokens.size(); }
  bool at(std::string_view word) const { return !ended() && m_tokens[m_at].is(word); }
  bool follows(size_t ahead, std::string_view word) const {
    return m_at + ahead < m_tokens.size() && m_tokens[m_at + ahead].is(word);
  }
  bool take(std::string_view word) {
    if (!at(word)) return false;
    ++m_at;
    return true;
  }
  Value broken() {
    m_broken = true;
    m_at = m_tokens.size();
    return {};
  }

  std::string words(size_t begin) const {
    if (begin >= m_at) return {};
    const auto& first = m_tokens[begin].text;
    const auto& last = m_tokens[m_at - 1].text;
    const std::string_view all(first.data(), static_cast<size_t>(last.data() + last.size() - first.data()));
    auto text = base::validUtf8Prefix(all, kMostWords);
    return all.size() > kMostWords ? text + " ..." : text;
  }
  Value refuse(size_t begin, const std::string& why) const {
    Value value{.is = Is::Condition, .begin = begin};
    value.conditions.unusable.push_back(words(begin) + ": " + why);
    return value;
  }
  static Value nothing(size_t begin) { return {.is = Is::Condition, .begin = begin}; }

  /// An expression where a condition is wanted: a column that is true or false tells too little.
  SqlConditions asCondition(const Value& value) const {
    return value.is == Is::Condition ? value.conditions : SqlConditions{};
  }

  Value parse(int binding) {
    if (++m_depth > kMostDepth) return broken();
    auto left = parseFirst();
    while (!m_broken && !ended()) {
      const auto before = m_at;
      left = parseMore(std::move(left), binding);
      if (m_at == before) break;
    }
    --m_depth;
    return left;
  }

  Value parseMore(Value left, int binding) {
    if (at("::")) return parseCast(std::move(left));
    if (at("[")) return skipIndex(std::move(left));
    if (at(".") && left.is == Is::Expression) return skipField(std::move(left));
    if (at("or")) return binding < kOr ? parseOr(std::move(left)) : left;
    if (at("and")) return binding < kAnd ? parseAnd(std::move(left)) : left;
    if (binding < kCompare && comparisonFollows()) return parseComparison(std::move(left));
    if (binding < kArithmetic && operatorFollows()) return parseArithmetic(std::move(left));
    if (at("collate")) return skipCollation(std::move(left));
    return left;
  }

  Value parseFirst() {
    if (ended()) return broken();
    const auto begin = m_at;
    const auto& token = m_tokens[m_at];
    if (take("not")) return parse(kNot), nothing(begin);
    if (take("(")) return parseParenthesis(begin);
    if (at("-") || at("+") || at("~")) return ++m_at, parse(kArithmetic);
    if (at("*")) return ++m_at, Value{.is = Is::Constant, .begin = begin};
    switch (token.kind) {
      case SqlKind::String:
        ++m_at;
        return {.is = Is::Constant, .literal = token.text, .begin = begin};
      case SqlKind::Number:
      case SqlKind::Parameter:
        ++m_at;
        return {.is = Is::Constant, .begin = begin};
      case SqlKind::Word:
      case SqlKind::Quoted:
        return parseWord(begin);
      case SqlKind::Symbol:
        break;
    }
    return broken();
  }

  Value parseParenthesis(size_t begin) {
    if (at("select") || at("with")) {
      skipBalanced();
      return {.is = Is::Expression, .hasColumn = true, .begin = begin};
    }
    auto value = parse(kAny);
    while (!m_broken && take(",")) {
      const auto next = parse(kAny);
      value = {
          .is = next.is == value.is && value.is == Is::Constant ? Is::Constant : Is::Expression,
          .hasColumn = value.hasColumn || next.hasColumn || value.is == Is::Column || next.is == Is::Column,
          .begin = begin};
    }
    if (!take(")")) return broken();
    value.begin = begin;
    return value;
  }

  /// Behind an opening parenthesis, up to the one that closes it.
  void skipBalanced() {
    for (int depth = 1; depth > 0; ++m_at) {
      if (ended()) {
        m_broken = true;
        return;
      }
      depth += m_tokens[m_at].is("(") ? 1 : m_tokens[m_at].is(")") ? -1 : 0;
    }
  }

  Value parseWord(size_t begin) {
    if (at("case")) return skipCase(begin);
    if (at("exists") && follows(1, "(")) {
      m_at += 2;
      skipBalanced();
      return nothing(begin);
    }
    if (at("array") && follows(1, "[")) return parseArray(begin);
    if ((at("subplan") || at("initplan")) && m_at + 1 < m_tokens.size()) {
      m_at += 2;
      return {.is = Is::Expression, .hasColumn = true, .begin = begin};
    }
    if (at("hashed")) return ++m_at, parseFirst();
    if (m_tokens[m_at].kind == SqlKind::Word && isOneOf(m_tokens[m_at], kConstants))
      return ++m_at, Value{.is = Is::Constant, .begin = begin};
    return parseName(begin);
  }

  /// A column, a function or a literal with its type before it.
  Value parseName(size_t begin) {
    std::vector<std::string> names{sqlName(m_tokens[m_at++])};
    while (at(".") && m_at + 1 < m_tokens.size() && isName(m_tokens[m_at + 1])) {
      names.push_back(sqlName(m_tokens[m_at + 1]));
      m_at += 2;
    }
    if (at("(")) return parseCall(begin);
    if (!ended() && m_tokens[m_at].kind == SqlKind::String) {  // interval '1 day'
      ++m_at;
      return {.is = Is::Constant, .begin = begin};
    }
    const auto qualifier = names.size() > 1 ? names[names.size() - 2] : std::string();
    return {.is = Is::Column, .column = {qualifier, names.back()}, .hasColumn = true, .begin = begin};
  }
  static bool isName(const SqlToken& token) {
    return token.kind == SqlKind::Word || token.kind == SqlKind::Quoted;
  }

  Value parseCall(size_t begin) {
    ++m_at;
    bool columns = false;
    while (!m_broken && !take(")")) {
      if (ended()) return broken();
      if (at("select") || at("distinct") || at("from") || at("as") || at("for")) {
        ++m_at;
        columns = true;
        continue;
      }
      const auto argument = parse(kAny);
      columns = columns || argument.hasColumn || argument.is == Is::Condition;
      take(",");
    }
    return {.is = columns ? Is::Expression : Is::Constant, .hasColumn = columns, .begin = begin};
  }

  Value parseArray(size_t begin) {
    m_at += 2;
    bool columns = false;
    while (!m_broken && !take("]")) {
      if (ended()) return broken();
      columns = parse(kAny).hasColumn || columns;
      take(",");
    }
    return {.is = columns ? Is::Expression : Is::Constant, .hasColumn = columns, .begin = begin};
  }

  Value skipCase(size_t begin) {
    for (int depth = 0; !ended(); ++m_at) {
      depth += at("case") ? 1 : at("end") ? -1 : 0;
      if (depth > 0) continue;
      ++m_at;
      return {.is = Is::Expression, .hasColumn = true, .begin = begin};
    }
    return broken();
  }

  Value parseCast(Value left) {
    ++m_at;
    if (ended() || !isName(m_tokens[m_at])) return broken();
    const bool text = isOneOf(m_tokens[m_at], kTextTypes);
    ++m_at;
    while (at(".") && m_at + 1 < m_tokens.size()) m_at += 2;
    while (!ended() && isOneOf(m_tokens[m_at], kTypeWords)) ++m_at;
    if (take("(")) skipBalanced();
    while (!ended() && isOneOf(m_tokens[m_at], kTypeWords)) ++m_at;
    const bool array = at("[") && follows(1, "]");
    if (array) m_at += 2;
    if (left.is != Is::Column) return left;
    if (text && !array) {
      left.asText = true;
      return left;
    }
    left.is = Is::Expression;  // of another type it is another value
    return left;
  }
  Value skipIndex(Value left) {
    ++m_at;
    parse(kAny);
    while (take(":")) parse(kAny);
    if (!take("]")) return broken();
    if (left.is == Is::Column) left.is = Is::Expression;
    return left;
  }
  Value skipField(Value left) {
    m_at = std::min(m_at + 2, m_tokens.size());
    return left;
  }
  Value skipCollation(Value left) {
    m_at = std::min(m_at + 2, m_tokens.size());
    while (at(".")) m_at = std::min(m_at + 2, m_tokens.size());
    return left;
  }

  Value parseAnd(Value left) {
    ++m_at;
    const auto right = parse(kAnd);
    Value both{.is = Is::Condition, .begin = left.begin};
    both.conditions = asCondition(left);
    auto more = asCondition(right);
    std::ranges::move(more.usable, std::back_inserter(both.conditions.usable));
    std::ranges::move(more.unusable, std::back_inserter(both.conditions.unusable));
    return both;
  }

  /// a = 1 OR a = 2 is a list of values. Anything else needs an index for each side.
  Value parseOr(Value left) {
    const auto begin = left.begin;
    ++m_at;
    const auto right = parse(kOr);
    const auto one = asCondition(left), other = asCondition(right);
    const bool list = one.usable.size() == 1 && one.usable == other.usable && one.unusable.empty() &&
                      other.unusable.empty() && one.usable.front().use == ColumnUse::Equal &&
                      !one.usable.front().other;
    if (list) return left;
    return refuse(begin, "each side of OR would need an index of its own");
  }

  bool comparisonFollows() const {
    static constexpr std::array<std::string_view, 25> kComparisons = {
        "=",  "<",  ">",   "<=", ">=", "<>",   "!=",    "<=>", "~~", "!~~",     "~~*",     "!~~*", "~",
        "!~", "~*", "!~*", "@>", "<@", "like", "ilike", "in",  "is", "between", "similar", "&&"};
    if (at("not"))
      return follows(1, "in") || follows(1, "like") || follows(1, "ilike") || follows(1, "between");
    return !ended() && isOneOf(m_tokens[m_at], kComparisons);
  }
  bool operatorFollows() const {
    static constexpr std::array<std::string_view, 14> kOperators = {"+",  "-",   "*",   "/", "%", "||", "->",
                                                                    "#>", "->>", "#>>", "^", "|", "&",  "#"};
    return !ended() && isOneOf(m_tokens[m_at], kOperators);
  }

  Value parseArithmetic(const Value& left) {
    ++m_at;
    const auto right = parse(kArithmetic);
    const bool columns = left.hasColumn || right.hasColumn;
    return {.is = columns ? Is::Expression : Is::Constant, .hasColumn = columns, .begin = left.begin};
  }

  Value parseComparison(Value left) {
    const bool negated = take("not");
    const auto word = m_tokens[m_at++];
    if (word.is("is")) return parseIs(std::move(left));
    if (word.is("between")) return parseBetween(std::move(left), negated);
    if (word.is("in")) return parseIn(std::move(left), negated);
    if (word.is("similar")) take("to");
    if (at("any") || at("some")) ++m_at;
    const bool every = take("all");
    const auto right = parse(kCompare);
    if (at("escape")) ++m_at, parse(kCompare);
    if (negated || every || m_broken) return nothing(left.begin);
    return compare(std::move(left), word, right);
  }

  Value compare(Value left, const SqlToken& word, const Value& right) {
    const bool like = word.is("like") || word.is("~~");
    const bool equal = word.is("=") || word.is("<=>");
    const bool range = word.is("<") || word.is(">") || word.is("<=") || word.is(">=");
    if (!like && !equal && !range) return unservedOperator(left, word);
    if (left.is == Is::Column && right.is == Is::Column)
      return equal ? join(left, right) : nothing(left.begin);
    const auto& column = left.is == Is::Column ? left : right;
    const auto& value = left.is == Is::Column ? right : left;
    if (column.is != Is::Column) {
      const bool computed = left.hasColumn != right.hasColumn;
      return computed ? refuse(left.begin,
                               "it is computed from a column, so only an index on that expression serves")
                      : nothing(left.begin);
    }
    if (value.hasColumn) return nothing(left.begin);
    if (!like) return usable(column, equal ? ColumnUse::Equal : ColumnUse::Range);
    if (hasPrefix(value.literal)) return usable(column, ColumnUse::Prefix);
    if (!hasWildcard(value.literal)) return usable(column, ColumnUse::Equal);
    return refuse(left.begin, "a pattern with an open beginning needs a trigram index");
  }
  Value unservedOperator(const Value& left, const SqlToken& word) const {
    if (word.is("<>") || word.is("!=") || word.is("!~~") || word.is("!~") || word.is("!~*") ||
        word.is("!~~*"))
      return nothing(left.begin);
    return refuse(left.begin, "this comparison needs an index of another kind than a B-tree");
  }
  static Value usable(const Value& column, ColumnUse use) {
    Value value{.is = Is::Condition, .begin = column.begin};
    value.conditions.usable.push_back({column.column, use, std::nullopt, column.asText});
    return value;
  }
  static Value join(const Value& left, const Value& right) {
    Value value{.is = Is::Condition, .begin = left.begin};
    value.conditions.usable.push_back({left.column, ColumnUse::Equal, right.column, left.asText});
    return value;
  }

  Value parseIs(Value left) {
    const bool negated = take("not");
    if (take("distinct")) {
      take("from");
      parse(kCompare);
      return nothing(left.begin);
    }
    const bool null = at("null");
    if (ended()) return broken();
    ++m_at;
    return null && !negated && left.is == Is::Column ? usable(left, ColumnUse::Equal) : nothing(left.begin);
  }
  Value parseBetween(Value left, bool negated) {
    take("symmetric");
    const auto low = parse(kCompare);
    if (!take("and")) return broken();
    const auto high = parse(kCompare);
    const bool plain = left.is == Is::Column && !low.hasColumn && !high.hasColumn && !negated;
    return plain ? usable(left, ColumnUse::Range) : nothing(left.begin);
  }
  Value parseIn(Value left, bool negated) {
    const bool query = at("(") && (follows(1, "select") || follows(1, "with"));
    const auto list = parseFirst();
    if (query || negated || m_broken || list.hasColumn) return nothing(left.begin);
    return left.is == Is::Column ? usable(left, ColumnUse::Equal) : nothing(left.begin);
  }

  const std::span<const SqlToken> m_tokens;
  size_t m_at = 0;
  int m_depth = 0;
  bool m_broken = false;
};

}  // namespace

SqlConditions sqlConditions(std::span<const SqlToken> expression) {
  return ConditionParser(expression).all();
}

}  // namespace aiops::knowledge
