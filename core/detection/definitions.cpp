// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/definitions.h"

#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "detection/schema_rows.h"

namespace aiops::detection {
namespace {

constexpr int kDeepest = 8;      // definitions inside definitions
constexpr int kMostLevels = 32;  // of a document
constexpr std::string_view kValue = "(?P<value>";

const RE2& useOfAName() {
  static const RE2 kUse(R"(%\{([A-Z][A-Z0-9_]*)(?::([a-z_]\w*))?\})");
  return kUse;
}

void replaceAll(std::string& text, std::string_view what, const std::string& with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

std::string named(std::string piece, const std::string& capture) {
  const bool marked = piece.find(kValue) != std::string::npos;
  if (marked) replaceAll(piece, kValue, capture.empty() ? "(?:" : "(?P<" + capture + ">");
  return (marked || capture.empty() ? "(?:" : "(?P<" + capture + ">") + piece + ')';
}

/// Calls `found` with the place and the name of each named group. Escaped ones and those in [...] are none.
template <class Found>
void eachNamedGroup(const std::string& text, const Found& found) {
  bool inClass = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "\\Q") == 0) {
      at = std::min(text.find("\\E", at), text.size() - 1);
    } else if (text[at] == '\\') {
      ++at;
    } else if (inClass) {
      inClass = text[at] != ']';
    } else if (text[at] == '[') {
      inClass = true;
      // A bracket that closes stands for itself when it is the first.
      if (at + 1 < text.size() && text[at + 1] == '^') ++at;
      if (at + 1 < text.size() && text[at + 1] == ']') ++at;
    } else if (text.compare(at, 4, "(?P<") == 0) {
      const auto end = text.find('>', at);
      if (end != std::string::npos) found(at + 4, text.substr(at + 4, end - at - 4));
    }
  }
}

}  // namespace

/// Where an expression stands, and what has been used so far.
struct Definitions::Place {
  const YAML::Node& node;
  std::string key;
  std::set<std::string>& used;
};

/// What a document may hold: aliases can make a short one endless.
struct Definitions::Budget {
  int values = 20'000;
  size_t bytes = 1 << 20;  ///< of expressions with their pieces put in
};

void Definitions::add(const YAML::Node& node) {
  static const RE2 kName("[A-Z][A-Z0-9_]{0,63}");
  if (!node.IsMap()) throw Broken(node, "define must be a map of NAME: expression");
  for (const auto& member : node) {
    const auto name = scalarOf(member.first, "a name of define");
    if (!RE2::FullMatch(name, kName))
      throw Broken(member.first, "define: '" + name + "' must be upper-case letters, digits and _");
    auto text = expressionOf(member.second, "define." + name);
    if (text.empty()) throw Broken(member.second, "define." + name + " must be an expression");
    m_all.insert_or_assign(name, std::move(text));
  }
}

std::string Definitions::expanded(const std::string& text, const Place& place, int depth) const {
  if (depth > kDeepest)
    throw Broken(place.node, place.key + ": definitions use each other in a circle, or too deep");
  std::string out;
  re2::StringPiece rest(text), match[3];
  const auto* begin = text.data();
  while (useOfAName().Match(rest, 0, rest.size(), RE2::UNANCHORED, match, 3)) {
    const auto name = match[1].as_string();
    const auto known = m_all.find(name);
    if (known == m_all.end()) {
      std::string all;
      for (const auto& [one, body] : m_all) all += (all.empty() ? "" : ", ") + one;
      throw Broken(place.node, place.key + ": there is no definition '" + name +
                                   "'; there are: " + (all.empty() ? "none" : all));
    }
    place.used.insert(name);
    out.append(begin, static_cast<size_t>(match[0].data() - begin));
    out += named(expanded(known->second, place, depth + 1), match[2].as_string());
    begin = match[0].data() + match[0].size();
    rest = re2::StringPiece(begin, static_cast<size_t>(text.data() + text.size() - begin));
    if (out.size() > kMostBytes)
      throw Broken(place.node, place.key + " is longer than 256 KiB with its definitions put in");
  }
  return out.append(begin, static_cast<size_t>(text.data() + text.size() - begin));
}

void Definitions::expandAll(YAML::Node node, const Place& place, Budget& budget, int level) const {
  if (--budget.values < 0 || level > kMostLevels)
    throw Broken(node, place.key + ": more values, or more inside each other, than a pattern has");
  if (node.IsScalar()) {
    const auto text = node.Scalar();
    if (text.find("%{") == std::string::npos && text.find("%\\{") == std::string::npos) return;
    const auto put = expanded(text, {node, place.key, place.used}, 0);
    if (put.size() > budget.bytes)
      throw Broken(node, place.key + ": the pattern is longer than 1 MiB with its definitions put in");
    budget.bytes -= put.size();
    if (put != text) node = put;
  } else if (node.IsSequence()) {
    for (auto item : node) expandAll(item, place, budget, level + 1);
  } else if (node.IsMap()) {
    for (auto member : node) {
      const auto key = member.first.IsScalar() ? member.first.Scalar() : std::string();
      if (key != "equals")
        expandAll(member.second, {member.second, place.key + '.' + key, place.used}, budget, level + 1);
    }
  }
}

std::set<std::string> Definitions::expand(YAML::Node document) const {
  static constexpr std::array kExpressions = {"match", "exclude", "extract", "fields", "all", "any", "not"};
  std::set<std::string> used;
  Budget budget;
  if (!document.IsMap()) return used;
  for (const auto* key : kExpressions) {
    if (auto node = document[key]) expandAll(node, {node, key, used}, budget, 0);
  }
  const auto condition = document["condition"];
  if (!condition || !condition.IsMap() || !condition["steps"] || !condition["steps"].IsSequence())
    return used;
  for (auto step : condition["steps"]) {
    if (!step.IsMap()) continue;
    for (const auto* key : kExpressions) {
      if (auto node = step[key]) expandAll(node, {node, key, used}, budget, 0);
    }
  }
  return used;
}

std::string withNamesNumbered(const std::string& expression) {
  std::set<std::string> taken;
  std::vector<std::pair<size_t, std::string>> again;  // where a name stands that was there before
  eachNamedGroup(expression, [&](size_t at, std::string name) {
    if (!taken.insert(name).second) again.emplace_back(at, std::move(name));
  });
  if (again.empty()) return expression;
  std::string out;
  size_t done = 0;
  std::map<std::string, int> next;
  for (const auto& [at, name] : again) {
    auto& number = next.try_emplace(name, 1).first->second;
    std::string fresh;
    do fresh = name + "__" + std::to_string(++number);
    while (!taken.insert(fresh).second);
    out.append(expression, done, at - done).append(fresh);
    done = at + name.size();
  }
  return out.append(expression, done);
}

}  // namespace aiops::detection
