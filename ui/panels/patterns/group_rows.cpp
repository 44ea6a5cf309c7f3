// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/group_rows.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "models/pattern_words.h"
#include "panels/patterns/key_grid.h"
#include "widgets/key_button.h"
#include "widgets/label.h"

namespace aiops::ui {
namespace {

using model::PatternKeyKind;

/// What it is called and whether first, then what it looks for, then how often.
int placeOf(const model::PatternKey& key) {
  if (key.kind == PatternKeyKind::Integer || key.kind == PatternKeyKind::Number) return 2;
  return isWide(key.kind) ? 1 : 0;
}

/// What most steps leave out.
bool isRare(const model::PatternKey& key) {
  static constexpr std::array<std::string_view, 9> kRare{
      "exclude", "extract", "keep", "field", "fields", "all", "any", "not", "level_at_least"};
  return std::ranges::find(kRare, key.name) != kRare.end();
}

std::vector<KeyGrid::Slot> slotsOf(std::vector<model::PatternKey> keys) {
  std::ranges::stable_sort(keys, {}, placeOf);
  std::vector<KeyGrid::Slot> out;
  for (auto& key : keys) {
    const bool rare = isRare(key);
    const PatternPath path{key.name};
    out.push_back({std::move(key), path, rare});
  }
  return out;
}

}  // namespace

GroupRows::GroupRows(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent)
    : KeyField(key, parent), m_theme(theme), m_layout(new QVBoxLayout(this)) {
  m_layout->setContentsMargins(0, 0, 0, 0);
  m_layout->setSpacing(10);
  m_add = new KeyButton(theme, KeyButton::Kind::Ghost, tr("Add a step"), {}, this);
  m_add->setMark(QStringLiteral("plus"));
  m_layout->addWidget(m_add, 0, Qt::AlignLeft);
  connect(m_add, &QPushButton::clicked, this, [this] {
    auto items = m_node.items;
    items.push_back(
        PatternNode::ofMap({{"name", PatternNode::ofText("step " + std::to_string(items.size() + 1))}}));
    tellAll(std::move(items));
    if (!m_blocks.empty()) m_blocks.back().grid->setFocus();
  });
  setFocusProxy(m_add);
}

void GroupRows::addBlock() {
  const auto index = m_blocks.size();
  Block block;
  block.widget = new QWidget(this);
  auto* column = new QVBoxLayout(block.widget);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->setSpacing(4);
  const auto number = QString::number(index + 1);
  head->addWidget(new Label(m_theme, theme::FontRole::BodyStrong, theme::Token::Text,
                            tr("Step %1").arg(number), block.widget));
  head->addStretch(1);
  block.up = new KeyButton(m_theme, KeyButton::Kind::Ghost, {}, {}, block.widget);
  block.up->setMark(QStringLiteral("chevron-up"));
  block.up->setAccessibleName(tr("Move step %1 up").arg(number));
  auto* remove = new KeyButton(m_theme, KeyButton::Kind::Ghost, {}, {}, block.widget);
  remove->setMark(QStringLiteral("cross"));
  remove->setAccessibleName(tr("Remove step %1").arg(number));
  for (auto* button : {block.up, remove}) {
    button->setToolTip(button->accessibleName());
    head->addWidget(button);
  }
  block.up->setVisible(index > 0);
  connect(block.up, &QPushButton::clicked, this, [this, index] { moveUp(index); });
  connect(remove, &QPushButton::clicked, this, [this, index] {
    m_add->setFocus();
    auto items = m_node.items;
    if (index < items.size()) items.erase(items.begin() + static_cast<std::ptrdiff_t>(index));
    tellAll(std::move(items));
  });
  column->addLayout(head);
  block.grid = new KeyGrid(m_theme, slotsOf(key().keys), block.widget);
  column->addWidget(block.grid);
  connect(block.grid, &KeyGrid::edited, this,
          [this, index](const PatternPath& below, const PatternNode& node) {
            PatternPath path{std::to_string(index)};
            path.insert(path.end(), below.begin(), below.end());
            putNode(m_node, path, node);
            Q_EMIT edited(path, node);
          });
  m_layout->insertWidget(static_cast<int>(index), block.widget);
  m_blocks.push_back(block);
}

void GroupRows::moveUp(size_t index) {
  auto items = m_node.items;
  if (index == 0 || index >= items.size()) return;
  std::swap(items[index - 1], items[index]);
  m_blocks[index - 1].grid->setFocus();
  tellAll(std::move(items));
}

void GroupRows::tellAll(std::vector<PatternNode> items) {
  auto node = items.empty() ? PatternNode{} : PatternNode::ofList(std::move(items));
  setNode(node);
  Q_EMIT edited({}, node);
}

void GroupRows::setNode(const PatternNode& node) {
  m_node = node.isList() ? node : PatternNode::ofList({});
  const auto count = m_node.items.size();
  while (m_blocks.size() > count) {
    m_blocks.back().widget->hide();
    m_blocks.back().widget->deleteLater();
    m_blocks.pop_back();
  }
  while (m_blocks.size() < count) addBlock();
  for (size_t i = 0; i < count; ++i) m_blocks[i].grid->setNode(m_node.items[i]);
}

}  // namespace aiops::ui
