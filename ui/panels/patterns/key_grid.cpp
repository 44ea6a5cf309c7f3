// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/key_grid.h"

#include <QGridLayout>
#include <algorithm>
#include <utility>

#include "models/pattern_words.h"
#include "panels/patterns/key_field.h"
#include "widgets/key_button.h"
#include "widgets/label.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

KeyGrid::KeyGrid(const theme::Theme& theme, std::vector<Slot> given, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(7);
  grid->setColumnMinimumWidth(0, kFormLabels);
  grid->setColumnMinimumWidth(2, kMiddleLabels);
  grid->setColumnStretch(1, 1);
  grid->setColumnStretch(3, 1);
  std::ranges::stable_partition(given, [](const Slot& slot) { return !slot.rare; });
  int row = 0;
  bool right = false;
  for (const auto& slot : given) {
    // Rare ones stand alone: their neighbour may be hidden.
    const bool alone = isWide(slot.key.kind) || slot.rare;
    if (alone && right) ++row;
    right = right && !alone;
    add(*grid, slot, row, right);
    if (alone || right) ++row;
    right = !alone && !right;
  }
  m_used.resize(m_rows.size());
  if (!m_rows.empty()) setFocusProxy(m_rows.front().field);
  const bool hasRare = std::ranges::any_of(m_rows, [](const Row& one) { return one.slot.rare; });
  if (!hasRare) return;
  m_more = new KeyButton(theme, KeyButton::Kind::Ghost, {}, {}, this);
  grid->addWidget(m_more, row + 1, 1, 1, 3, Qt::AlignLeft);
  connect(m_more, &QPushButton::clicked, this, [this] {
    m_showsRare = !m_showsRare;
    refreshRare();
  });
  refreshRare();
}

void KeyGrid::add(QGridLayout& grid, const Slot& slot, int row, bool right) {
  auto* label = new Label(m_theme, FontRole::Secondary, Token::Text2, keyWords(slot.key), this);
  label->setFixedHeight(theme::grid::kField);
  label->setToolTip(QString::fromStdString(slot.key.help));
  auto* field = KeyField::make(m_theme, slot.key, this);
  const bool wide = isWide(slot.key.kind);
  if (slot.key.kind == model::PatternKeyKind::Groups) {  // its blocks have labels of their own
    label->hide();
    grid.addWidget(field, row, 0, 1, 4);
  } else {
    grid.addWidget(label, row, right ? 2 : 0, wide ? Qt::AlignTop : Qt::AlignVCenter);
    grid.addWidget(field, row, right ? 3 : 1, 1, wide ? 3 : 1);
  }
  connect(field, &KeyField::edited, this,
          [this, path = slot.path](const PatternPath& below, const auto& node) {
            auto whole = path;
            whole.insert(whole.end(), below.begin(), below.end());
            Q_EMIT edited(whole, node);
          });
  m_rows.push_back({slot, field, label});
}

void KeyGrid::setNode(const PatternNode& root) {
  std::vector<bool> used;
  for (auto& row : m_rows) {
    const auto& node = nodeAt(root, row.slot.path);
    row.field->setNode(node);
    used.push_back(!node.isNone());
  }
  if (std::exchange(m_used, used) != used) refreshRare();
}

void KeyGrid::refreshRare() {
  QStringList hidden;
  for (size_t i = 0; i < m_rows.size(); ++i) {
    const auto& row = m_rows[i];
    // What has the focus stays though it was just emptied.
    const bool shown = !row.slot.rare || m_showsRare || m_used[i] || row.field->isAncestorOf(focusWidget());
    row.field->setVisible(shown);
    row.label->setVisible(shown && row.slot.key.kind != model::PatternKeyKind::Groups);
    if (!shown) hidden << keyWords(row.slot.key).toLower();
  }
  if (m_more) {
    m_more->setText(m_showsRare ? tr("Less") : tr("More"));
    m_more->setMark(m_showsRare ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down"));
    m_more->setAccessibleName(m_showsRare ? tr("Show less")
                                          : tr("More: %1").arg(hidden.join(QStringLiteral(", "))));
    m_more->setToolTip(m_more->accessibleName());
    m_more->setVisible(m_showsRare || !hidden.isEmpty());
  }
}

KeyField* KeyGrid::field(const PatternPath& path) const {
  const auto found = std::ranges::find_if(m_rows, [&](const Row& row) { return row.slot.path == path; });
  return found == m_rows.end() ? nullptr : found->field;
}

}  // namespace aiops::ui
