// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/knowledge_layout.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace aiops::ui {
namespace {

constexpr qreal kWidth = 128, kHeight = 32;
constexpr qreal kAcross = 44;                      // gap between columns
constexpr qreal kLeastStep = 48, kMostStep = 104;  // from row to row
constexpr qreal kUsualHeight = 620;                // that rows spread over while there are few
constexpr size_t kRows = 16;                       // of a column, before it goes on beside itself
constexpr int kSweeps = 4;

using Places = std::map<std::string, double>;

/// The mean place of the neighbours that have one; -1 without.
double meanOf(const std::vector<std::string>& neighbours, const Places& places) {
  double sum = 0;
  int count = 0;
  for (const auto& id : neighbours) {
    const auto found = places.find(id);
    if (found == places.end()) continue;
    sum += found->second;
    ++count;
  }
  return count == 0 ? -1 : sum / count;
}

size_t typePlace(model::NodeType type) {
  const auto& order = nodeTypeOrder();
  return static_cast<size_t>(std::ranges::find(order, type) - order.begin());
}

/// Hosts are few and belong to services: they stand in one column.
size_t columnOf(model::NodeType type) {
  return typePlace(type == model::NodeType::Host ? model::NodeType::Service : type);
}

/// How many rows a column takes, and beside how many of itself it goes on.
struct Strips {
  explicit Strips(size_t count) : across((count + kRows - 1) / kRows), rows((count + across - 1) / across) {}
  size_t across, rows;
};

}  // namespace

KnowledgeLayout::KnowledgeLayout(const model::KnowledgePage& page, size_t most) {
  std::vector<size_t> order(page.nodes.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    return std::pair(-page.nodes[a].weight, page.nodes[a].id) <
           std::pair(-page.nodes[b].weight, page.nodes[b].id);
  });
  std::vector<size_t> hiddenOf(nodeTypeOrder().size(), 0);
  for (size_t i = most; i < order.size(); ++i) ++hiddenOf[columnOf(page.nodes[order[i]].type)];
  m_hidden = order.size() > most ? order.size() - most : 0;
  order.resize(std::min(order.size(), most));
  place(page, columnsOf(page, order), hiddenOf);
}

std::vector<KnowledgeLayout::Column> KnowledgeLayout::columnsOf(const model::KnowledgePage& page,
                                                                const std::vector<size_t>& drawn) const {
  std::vector<Column> columns(nodeTypeOrder().size());
  for (const size_t i : drawn) columns[columnOf(page.nodes[i].type)].push_back(i);
  std::map<std::string, std::vector<std::string>> neighbours;
  for (const auto& edge : page.edges) {
    neighbours[edge.source].push_back(edge.target);
    neighbours[edge.target].push_back(edge.source);
  }
  Places places;
  const auto settle = [&](Column& column) {
    std::vector<std::pair<double, size_t>> wanted;
    for (size_t row = 0; row < column.size(); ++row) {
      const double mean = meanOf(neighbours[page.nodes[column[row]].id], places);
      const double own = (static_cast<double>(row) + 0.5) / static_cast<double>(column.size());
      wanted.emplace_back(mean < 0 ? own : mean, column[row]);
    }
    std::ranges::stable_sort(wanted, {}, &std::pair<double, size_t>::first);
    for (size_t row = 0; row < column.size(); ++row) {
      column[row] = wanted[row].second;
      places[page.nodes[column[row]].id] =
          (static_cast<double>(row) + 0.5) / static_cast<double>(column.size());
    }
  };
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    for (auto& column : columns) settle(column);
    for (auto at = columns.rbegin(); at != columns.rend(); ++at) settle(*at);
  }
  return columns;
}

void KnowledgeLayout::place(const model::KnowledgePage& page, const std::vector<Column>& columns,
                            const std::vector<size_t>& hiddenOf) {
  const auto countIn = [&](size_t i) { return columns[i].size() + (hiddenOf[i] > 0 ? 1 : 0); };
  size_t tallest = 1;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (countIn(i) > 0) tallest = std::max(tallest, Strips(countIn(i)).rows);
  }
  const qreal step = std::clamp(kUsualHeight / static_cast<qreal>(tallest), kLeastStep, kMostStep);
  qreal left = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    const size_t count = countIn(i);
    if (count == 0) continue;
    const Strips strips(count);
    // Signs stand between the rows of the others: lines from services to causes pass between them.
    const qreal sway = nodeTypeOrder()[i] == model::NodeType::Template ? step / 2 : 0;
    const qreal top = std::floor(static_cast<qreal>(tallest - strips.rows) / 2) * step + sway;
    for (size_t k = 0; k < count; ++k) {
      // Neighbouring places go to neighbouring strips, so that what belongs together stays at one height.
      const qreal x = left + static_cast<qreal>(k % strips.across) * (kWidth + kAcross / 2);
      const qreal y = top + static_cast<qreal>(k / strips.across) * step;
      PlacedNode node{.type = nodeTypeOrder()[i], .box = QRectF(x, y, kWidth, kHeight)};
      if (k < columns[i].size()) {
        const auto& shown = page.nodes[columns[i][k]];
        node.id = shown.id;
        node.type = shown.type;
      } else {
        node.hidden = hiddenOf[i];
      }
      m_nodes.push_back(std::move(node));
    }
    left += static_cast<qreal>(strips.across) * (kWidth + kAcross / 2) + kAcross / 2;
  }
}

}  // namespace aiops::ui
