// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/query_plan.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/strict_json.h"

namespace aiops::knowledge {
namespace {

using nlohmann::json;

constexpr size_t kMostNodes = 2000;
constexpr size_t kMostDepth = 256;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<double> numberAt(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool usable = error == std::errc() && value >= 0 && value < 1e18;
  return usable ? std::optional(value) : std::nullopt;
}

/// The number behind `name` in "rows=1 loops=2".
std::optional<double> numberAfter(std::string_view text, std::string_view name) {
  const auto found = text.find(name);
  return found == std::string_view::npos ? std::nullopt : numberAt(text.substr(found + name.size()));
}

void setType(PlanNode& node, std::string_view type) {
  for (const std::string_view word : {"Parallel ", "Async "}) {
    if (type.starts_with(word)) type.remove_prefix(word.size());
  }
  node.type = type;
}

/// "Index Scan Backward using idx on orders o", "Seq Scan on orders", "Nested Loop Left Join".
void readTitle(PlanNode& node, std::string_view title) {
  const auto on = title.find(" on ");
  if (on == std::string_view::npos) return setType(node, title);
  auto type = title.substr(0, on);
  if (const auto index = type.find(" using "); index != std::string_view::npos) {
    node.index = type.substr(index + 7);
    type = type.substr(0, index);
  }
  setType(node, type);
  node.table = readTable(title.substr(on + 4));
}

/// A plan as indented lines.
class TextPlan {
 public:
  std::optional<QueryPlan> read(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      addLine(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (m_plan.nodes.size() > kMostNodes) return std::nullopt;
    }
    if (m_plan.nodes.empty()) return std::nullopt;
    m_plan.statement = trimmed(m_plan.statement);
    return std::move(m_plan);
  }

 private:
  void addLine(std::string_view line) {
    const auto content = trimmed(line);
    if (content.empty()) return;
    const auto indent = line.find_first_not_of(" \t");
    const auto cost = content.find("  (cost=");
    const bool arrow = content.starts_with("->");
    if (cost != std::string_view::npos && (arrow || m_plan.nodes.empty())) {
      return addNode(indent, trimmed(content.substr(arrow ? 2 : 0, cost - (arrow ? 2 : 0))),
                     content.substr(cost));
    }
    if (m_plan.nodes.empty()) return addStatement(content);
    addProperty(indent, content);
  }
  void addStatement(std::string_view content) {
    constexpr std::string_view kText = "Query Text: ";
    if (content.starts_with("Query Parameters: ")) m_inStatement = false;
    if (content.starts_with(kText)) {
      m_inStatement = true;
      content.remove_prefix(kText.size());
    }
    if (m_inStatement) m_plan.statement.append(content).append("\n");
  }
  void addNode(size_t indent, std::string_view title, std::string_view figures) {
    PlanNode node;
    readTitle(node, title);
    node.plannedRows = numberAfter(figures, " rows=").value_or(0);
    if (const auto actual = figures.find("(actual "); actual != std::string_view::npos) {
      const auto measured = figures.substr(actual + 7);
      node.rows = numberAfter(measured, " rows=");
      node.loops = numberAfter(measured, " loops=").value_or(1);
    }
    while (!m_open.empty() && m_open.back().first >= indent) m_open.pop_back();
    node.parent = m_open.empty() ? -1 : m_open.back().second;
    m_open.emplace_back(indent, static_cast<int>(m_plan.nodes.size()));
    m_plan.nodes.push_back(std::move(node));
  }
  /// Properties stand deeper than their node: so one of a node that has children is not theirs.
  void addProperty(size_t indent, std::string_view content) {
    const auto colon = content.find(": ");
    if (colon == std::string_view::npos) return;
    const auto owner = std::ranges::find_if(m_open.rbegin(), m_open.rend(),
                                            [&](const auto& open) { return open.first < indent; });
    if (owner == m_open.rend()) return;
    auto& node = m_plan.nodes[static_cast<size_t>(owner->second)];
    const auto name = content.substr(0, colon);
    const auto value = content.substr(colon + 2);
    if (name == "Filter") node.filter = value;
    if (name == "Index Cond") node.indexCondition = value;
    if (name == "Join Filter") node.joinFilter = value;
    if (name == "Sort Key") node.sortKeys.emplace_back(value);
    if (name == "Rows Removed by Filter") node.removed = numberAt(value);
    if (name == "Rows Removed by Join Filter") node.joinRemoved = numberAt(value);
  }

  QueryPlan m_plan;
  std::vector<std::pair<size_t, int>> m_open;  ///< indent and index of the nodes around
  bool m_inStatement = false;
};

std::string textOf(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}
std::optional<double> numberOf(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_number()) return std::nullopt;
  const auto value = member->get<double>();
  return value >= 0 && value < 1e18 ? std::optional(value) : std::nullopt;
}

void addJsonNode(const json& from, int parent, QueryPlan& plan) {
  if (!from.is_object() || plan.nodes.size() > kMostNodes) return;
  PlanNode node;
  node.parent = parent;
  setType(node, textOf(from, "Node Type"));
  node.table = {textOf(from, "Schema"), textOf(from, "Relation Name"), textOf(from, "Alias")};
  if (node.table.alias == node.table.name) node.table.alias.clear();
  node.index = textOf(from, "Index Name");
  node.filter = textOf(from, "Filter");
  node.indexCondition = textOf(from, "Index Cond");
  node.joinFilter = textOf(from, "Join Filter");
  node.plannedRows = numberOf(from, "Plan Rows").value_or(0);
  node.rows = numberOf(from, "Actual Rows");
  node.removed = numberOf(from, "Rows Removed by Filter");
  node.joinRemoved = numberOf(from, "Rows Removed by Join Filter");
  node.loops = numberOf(from, "Actual Loops").value_or(1);
  if (const auto keys = from.find("Sort Key"); keys != from.end() && keys->is_array()) {
    for (const auto& key : *keys) {
      if (key.is_string()) node.sortKeys.push_back(key.get<std::string>());
    }
  }
  const auto at = static_cast<int>(plan.nodes.size());
  plan.nodes.push_back(std::move(node));
  const auto children = from.find("Plans");
  if (children == from.end() || !children->is_array()) return;
  for (const auto& child : *children) addJsonNode(child, at, plan);
}

std::optional<QueryPlan> readJsonPlan(std::string_view text) {
  if (text.front() == '[') text = trimmed(text.substr(1, text.size() - 2));  // EXPLAIN gives a list of one
  const auto parsed = model::parseStrictJson(text, "plan", {.depth = kMostDepth});
  if (!parsed || !parsed->contains("Plan")) return std::nullopt;
  QueryPlan plan{.statement = textOf(*parsed, "Query Text"), .nodes = {}};
  addJsonNode(parsed->at("Plan"), -1, plan);
  if (plan.nodes.empty() || plan.nodes.size() > kMostNodes) return std::nullopt;
  return plan;
}

}  // namespace

std::optional<QueryPlan> readQueryPlan(std::string_view text) {
  const auto content = trimmed(text);
  if (content.empty()) return std::nullopt;
  if (content.front() == '{' || content.starts_with("[")) return readJsonPlan(content);
  return TextPlan().read(text);
}

}  // namespace aiops::knowledge
