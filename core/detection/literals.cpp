// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/literals.h"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>

#include "detection/matcher.h"

namespace aiops::detection {
namespace {

constexpr int kShortest = 3;
constexpr size_t kMostLiterals = 400;

/// Calls `found` for each bracket and bar outside of classes, with the depth that it stands at.
template <class Found>
void eachMark(std::string_view expression, const Found& found) {
  size_t depth = 0;
  for (size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\') {
      ++i;
    } else if (c == '[') {
      // A bracket that closes first in a class means itself.
      i += expression.substr(i + 1).starts_with('^') ? 2 : 1;
      for (bool first = true; i < expression.size() && (first || expression[i] != ']'); ++i, first = false)
        i += expression[i] == '\\' ? 1 : 0;
    } else if (c == '(') {
      found(i, c, depth++);
    } else if (c == ')') {
      depth -= depth > 0 ? 1 : 0;
      found(i, c, depth);
    } else if (c == '|') {
      found(i, c, depth);
    }
  }
}

/// "(?:a|b)" as "a|b", where the bracket that opens first closes last.
std::string_view unwrapped(std::string_view expression) {
  while (expression.starts_with("(?:")) {
    size_t closed = 0;
    eachMark(expression, [&](size_t at, char mark, size_t depth) {
      if (mark == ')' && depth == 0 && closed == 0) closed = at;
    });
    if (closed + 1 != expression.size()) break;
    expression = expression.substr(3, closed - 3);
  }
  return expression;
}

/// Cuts "(?:a)|(?:(?:b)|(?:c))" at the bars between alternatives. Empty for what could be misread.
std::vector<std::string> alternatives(std::string_view expression) {
  if (expression.find("\\Q") != std::string_view::npos || expression.find("[[:") != std::string_view::npos)
    return {};
  expression = unwrapped(expression);
  std::vector<std::string> out;
  size_t begin = 0;
  bool cut = false;
  const auto add = [&](size_t end) {
    const auto one = expression.substr(begin, end - begin);
    // What is cut may be a list again.
    if (!cut) return out.emplace_back(one), void();
    for (auto& part : alternatives(one)) out.push_back(std::move(part));
  };
  eachMark(expression, [&](size_t at, char mark, size_t depth) {
    if (mark != '|' || depth > 0) return;
    cut = true;
    add(at);
    begin = at + 1;
  });
  add(expression.size());
  return out;
}

/// Of one alternative: from all its texts, those are left out, shortest first, without which the rest still
/// stands in every match.
std::optional<std::vector<std::string>> literalsOf(const std::string& expression) {
  re2::FilteredRE2 filter(kShortest);
  int id = 0;
  if (filter.Add(expression, expressionOptions(), &id) != RE2::NoError) return std::nullopt;
  std::vector<std::string> texts;
  filter.Compile(&texts);
  if (texts.empty() || texts.size() > kMostLiterals) return std::nullopt;
  std::vector<int> order(texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int at) { return texts[static_cast<size_t>(at)].size(); });
  std::vector<int> without;  // those that are given up: as if they stood in the text
  const auto needed = [&] {
    std::vector<int> possible;
    filter.AllPotentials(without, &possible);
    return possible.empty();
  };
  if (!needed()) return std::nullopt;
  std::vector<std::string> kept;
  for (const int at : order) {
    without.push_back(at);
    if (needed()) continue;
    without.pop_back();
    kept.push_back(texts[static_cast<size_t>(at)]);
  }
  return kept;
}

bool isAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\0'; });
}

}  // namespace

std::vector<std::string> neededLiterals(const std::string& expression) {
  std::vector<std::string> all;
  for (const auto& alternative : alternatives(expression)) {
    auto texts = literalsOf(alternative);
    if (!texts || !std::ranges::all_of(*texts, isAscii)) return {};
    std::ranges::move(*texts, std::back_inserter(all));
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  // What holds another one need not be looked for.
  std::vector<std::string> out;
  for (const auto& text : all) {
    const bool spare = std::ranges::any_of(all, [&](const std::string& other) {
      return other != text && text.find(other) != std::string::npos;
    });
    if (!spare) out.push_back(text);
  }
  return out;
}

}  // namespace aiops::detection
