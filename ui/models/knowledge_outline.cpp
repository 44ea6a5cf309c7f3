// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/knowledge_outline.h"

#include "models/cell_text.h"
#include "theme/theme.h"

namespace aiops::ui {
namespace {

QStandardItem* itemOf(const QString& text, const QString& id, theme::Token ink) {
  auto* item = new QStandardItem(text);
  item->setEditable(false);
  item->setSizeHint({0, theme::grid::kRowCompact});
  item->setData(id, cell::Id);
  item->setData(static_cast<int>(ink), cell::Ink);
  item->setData(text, Qt::AccessibleTextRole);
  return item;
}

}  // namespace

void KnowledgeOutline::setData(const KnowledgeData& data, base::TimePoint now) {
  clear();
  for (const auto type : nodeTypeOrder()) {
    QStandardItem* group = nullptr;
    int count = 0;
    for (const auto& node : data.page().nodes) {
      if (node.type != type) continue;
      if (group == nullptr) {
        group = itemOf({}, QStringLiteral("type ") + nodeTypeWord(type), theme::Token::Text3);
        appendRow(group);
      }
      ++count;
      const QString id = QString::fromStdString(node.id);
      auto* row = itemOf(data.name(node.id), id, theme::Token::Text);
      row->setData(id, NodeRole);
      row->setData(data.nodeText(node), Qt::AccessibleTextRole);
      for (const auto* fact : data.factsOf(node.id)) {
        QStringList words{data.factText(*fact), factOrigin(*fact), factLast(*fact, now)};
        words.removeAll({});
        const QString factId = QString::fromStdString(fact->id);
        auto* below =
            itemOf(words.join(QStringLiteral(" · ")), id + QLatin1Char(' ') + factId, theme::Token::Text2);
        below->setData(id, NodeRole);
        below->setData(factId, FactRole);
        row->appendRow(below);
      }
      group->appendRow(row);
    }
    if (group != nullptr) {
      group->setText(tr("%1 (%2)").arg(nodeTypePlural(type)).arg(count));
      group->setData(group->text(), Qt::AccessibleTextRole);
    }
  }
}

QModelIndex KnowledgeOutline::indexOf(const QString& node) const {
  for (int group = 0; group < rowCount(); ++group) {
    const auto parent = index(group, 0);
    for (int row = 0; row < rowCount(parent); ++row) {
      const auto which = index(row, 0, parent);
      if (which.data(NodeRole).toString() == node) return which;
    }
  }
  return {};
}

}  // namespace aiops::ui
