// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/needed.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "detection/literals.h"

namespace aiops::detection {
namespace {

// How rarely a piece is found, in given letters; signs are in many lines. Three signs are the least that is
// worth looking for.
constexpr double kLetter = 1, kSign = 0.5, kSmallClass = 0.3, kEnough = 1.5;
constexpr double kNoBranch = 1e9;      ///< rarer than any
constexpr size_t kLongestPiece = 800;  ///< bytes of an expression
constexpr int kMostRepeats = 8;
constexpr size_t kMostPieces = 400;
constexpr int kDeepest = 40;

/// A part of an expression as it can be looked for.
struct Node {
  std::string text;     ///< an expression that matches wherever the part does; empty: nothing to look for
  double rare = 0;      ///< of `text`
  bool breaks = false;  ///< `text` does not say all: what follows need not stand directly behind it
  bool folded = false;  ///< `text` is "(?i:letters)"
  std::vector<std::vector<Node>> branches;  ///< of a group that every match goes through
};
using Sequence = std::vector<Node>;

/// A text that grows by what stands directly behind it.
struct Joined {
  std::string text;
  bool folded = false;

  void add(const Node& node) {
    if (node.text.empty()) return;
    if (folded && node.folded) {
      text.pop_back();
      text.append(node.text, 4);
    } else {
      text += node.text;
    }
    folded = node.folded;
  }
};

struct Flags {
  bool ignoresCase = false;
};

/// Reads the part of RE2's syntax that patterns are written in; anything else ends it with `failed`.
class Reader {
 public:
  explicit Reader(std::string_view text) : m_text(text) {}

  std::optional<std::vector<Sequence>> read() {
    auto all = branches({});
    if (m_failed || m_at != m_text.size()) return std::nullopt;
    return all;
  }

 private:
  bool more() const { return !m_failed && m_at < m_text.size(); }
  char now() const { return m_text[m_at]; }
  /// Whether the next is a count of what was before it. A bracket without a number is a sign like others.
  bool isCounted() const {
    if (!more()) return false;
    if (now() == '{')
      return m_at + 1 < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at + 1])) != 0;
    return now() == '*' || now() == '+' || now() == '?';
  }
  Node fail() {
    m_failed = true;
    return {};
  }

  /// Up to the bracket that closes the group, or to the end.
  std::vector<Sequence> branches(Flags flags) {
    std::vector<Sequence> all(1);
    if (++m_depth > kDeepest) m_failed = true;
    while (more() && now() != ')') {
      if (now() == '|') {
        ++m_at;
        all.emplace_back();
        continue;
      }
      element(flags, all.back());
    }
    --m_depth;
    return all;
  }

  void element(Flags& flags, Sequence& into) {
    auto part = atom(flags);
    if (m_failed) return;
    if (part.empty()) return;  // flags for what follows
    if (part.size() > 1 || !isCounted()) return std::ranges::move(part, std::back_inserter(into)), void();
    repeated(std::move(part.front()), into);
  }

  struct Times {
    int least = 0;
    int most = -1;  ///< -1: any number
  };
  std::optional<Times> times() {
    const char c = m_text[m_at++];
    if (c == '*') return Times{0, -1};
    if (c == '+') return Times{1, -1};
    if (c == '?') return Times{0, 1};
    Times out;
    const char* const end = m_text.data() + m_text.size();
    auto [comma, error] = std::from_chars(m_text.data() + m_at, end, out.least);
    if (error != std::errc() || comma == end) return std::nullopt;
    out.most = out.least;
    if (*comma == ',') {
      out.most = -1;
      ++comma;
      if (comma != end && *comma != '}') {
        const auto [close, wrong] = std::from_chars(comma, end, out.most);
        if (wrong != std::errc()) return std::nullopt;
        comma = close;
      }
    }
    if (comma == end || *comma != '}') return std::nullopt;
    m_at = static_cast<size_t>(comma - m_text.data()) + 1;
    return out;
  }

  void repeated(Node node, Sequence& into) {
    const auto count = times();
    if (!count) return fail(), void();
    if (more() && now() == '?') ++m_at;  // the shortest match is among all
    if (isCounted()) return fail(), void();
    const auto gap = [&] { into.emplace_back().breaks = true; };
    const bool fits = !node.breaks && count->most >= 0 && count->most <= kMostRepeats;
    if (fits && !node.text.empty()) {
      node.text =
          "(?:" + node.text + "){" + std::to_string(count->least) + ',' + std::to_string(count->most) + '}';
      node.rare *= count->least;
      node.folded = false;
      node.branches.clear();
      return into.push_back(std::move(node)), void();
    }
    if (fits) return into.push_back(std::move(node)), void();  // of nothing, any number is nothing
    if (count->least == 0) return gap();
    // "x+" is an x behind what is before, and an x before what is behind.
    into.push_back(node);
    gap();
    node.branches.clear();
    if (!node.breaks) into.push_back(std::move(node));
  }

  static Node piece(std::string text, double rare) {
    Node node;
    node.text = std::move(text);
    node.rare = rare;
    return node;
  }
  static Node nothing() { return {}; }

  Sequence atom(Flags& flags) {
    const char c = now();
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\0') return fail(), Sequence{};
    if (c == '(') return group(flags);
    if (c == '[') return {classOf(flags)};
    if (c == '\\') return {escape(flags)};
    ++m_at;
    if (c == '^' || c == '$') return {nothing()};
    if (c == '.') return {piece("(?s:.)", 0)};
    if (std::string_view("*+?").find(c) != std::string_view::npos) return fail(), Sequence{};
    return {literal(c, flags)};
  }

  static Node literal(char c, Flags flags) {
    const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    auto text = RE2::QuoteMeta(std::string(1, c));
    const bool folded = letter && flags.ignoresCase;
    if (folded) text = "(?i:" + text + ')';
    auto node = piece(std::move(text), letter || digit ? kLetter : kSign);
    node.folded = folded;
    return node;
  }

  Node classOf(Flags flags) {
    const size_t begin = m_at++;
    const bool negated = more() && now() == '^';
    if (negated) ++m_at;
    size_t members = 0;
    for (bool first = true; more() && (first || now() != ']'); first = false, ++members) {
      if (m_text.substr(m_at, 2) == "[:" || static_cast<unsigned char>(now()) >= 0x80) return fail();
      if (now() == '\\') {
        if (m_at + 1 >= m_text.size() ||
            std::string_view("pPQECx0123456789").find(m_text[m_at + 1]) != std::string_view::npos)
          return fail();
        members += 4;
        ++m_at;
      } else if (now() == '-') {
        members += 4;
      }
      ++m_at;
    }
    if (!more()) return fail();
    ++m_at;
    auto text = std::string(m_text.substr(begin, m_at - begin));
    if (flags.ignoresCase) text = "(?i:" + text + ')';
    return piece(std::move(text), !negated && members <= 4 ? kSmallClass : 0);
  }

  Node escape(Flags flags) {
    if (m_at + 1 >= m_text.size()) return fail();
    const char c = m_text[m_at + 1];
    m_at += 2;
    if (std::string_view("bBAz").find(c) != std::string_view::npos) return nothing();
    if (std::string_view("dDwWsS").find(c) != std::string_view::npos) return piece(std::string("\\") + c, 0);
    if (std::string_view("nrtf").find(c) != std::string_view::npos)
      return piece(std::string("\\") + c, kSign);
    if (std::ispunct(static_cast<unsigned char>(c)) == 0 && c != ' ') return fail();
    return literal(c, flags);
  }

  /// None for flags that stand alone.
  Sequence group(Flags& flags) {
    ++m_at;
    Flags inside = flags;
    if (m_text.substr(m_at, 3) == "?P<") {
      const auto close = m_text.find('>', m_at);
      if (close == std::string_view::npos) return fail(), Sequence{};
      m_at = close + 1;
    } else if (m_text.substr(m_at, 1) == "?") {
      bool on = true;
      for (++m_at; more() && now() != ':' && now() != ')'; ++m_at) {
        if (now() == '-')
          on = false;
        else if (now() == 'i')
          inside.ignoresCase = on;
        else if (now() != 's')
          return fail(), Sequence{};
      }
      if (!more()) return fail(), Sequence{};
      if (m_text[m_at++] == ')') return flags = inside, Sequence{};
    }
    auto all = branches(inside);
    if (!more()) return fail(), Sequence{};
    ++m_at;
    if (all.size() == 1 && !isCounted() && !all.front().empty()) return std::move(all.front());
    return {grouped(std::move(all))};
  }

  static Node grouped(std::vector<Sequence> all) {
    Node node = piece("(?:", kNoBranch);
    for (const auto& branch : all) {
      double rare = 0;
      Joined joined;
      for (const auto& part : branch) {
        node.breaks = node.breaks || part.breaks;
        joined.add(part);
        rare += part.rare;
      }
      if (&branch != &all.front()) node.text += '|';
      node.text += joined.text;
      node.rare = std::min(node.rare, rare);
    }
    node.text += ')';
    node.breaks = node.breaks || node.text.size() > kLongestPiece;
    if (node.breaks) {
      node.text.clear();
      node.rare = 0;
    }
    node.branches = std::move(all);
    return node;
  }

  const std::string_view m_text;
  size_t m_at = 0;
  int m_depth = 0;
  bool m_failed = false;
};

/// Expressions of which one is in every match, and how rare the commonest is.
struct Choice {
  std::vector<std::string> expressions;
  double rare = 0;
};

Choice bestOf(const std::vector<Sequence>& branches);

/// The rarest of what every match of the sequence holds: a run of what stands directly one behind the other,
/// or one of the groups that are too long for a run. Several with anything between them would be rarer still,
/// and take Vectorscan three times as long to compile.
Choice bestOf(const Sequence& sequence) {
  Choice best;
  Joined run;
  double rare = 0;
  const auto endRun = [&] {
    if (rare >= kEnough && rare > best.rare) best = {{run.text}, rare};
    run = {};
    rare = 0;
  };
  for (const auto& node : sequence) {
    if (node.breaks || run.text.size() + node.text.size() > kLongestPiece) endRun();
    if (node.breaks && !node.branches.empty()) {
      if (auto inside = bestOf(node.branches); inside.rare > best.rare) best = std::move(inside);
    }
    run.add(node);
    rare += node.rare;
  }
  endRun();
  return best;
}

Choice bestOf(const std::vector<Sequence>& branches) {
  Choice all{{}, kNoBranch};
  for (const auto& branch : branches) {
    auto one = bestOf(branch);
    if (one.expressions.empty()) return {};
    all.rare = std::min(all.rare, one.rare);
    std::ranges::move(one.expressions, std::back_inserter(all.expressions));
  }
  return all;
}

}  // namespace

std::vector<std::string> neededExpressions(const std::string& expression) {
  std::vector<std::string> out;
  if (const auto read = Reader(expression).read()) out = bestOf(*read).expressions;
  if (out.empty()) {
    for (const auto& literal : neededLiterals(expression)) out.push_back("(?i)" + RE2::QuoteMeta(literal));
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out.size() <= kMostPieces ? out : std::vector<std::string>();
}

}  // namespace aiops::detection
