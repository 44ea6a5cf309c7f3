// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/outline_view.h"

#include <QHeaderView>
#include <QKeyEvent>

#include "widgets/data_table.h"

namespace aiops::ui {
namespace {

constexpr int kIndent = 16;

}  // namespace

OutlineView::OutlineView(const theme::Theme& theme, QAbstractItemModel* model, QWidget* parent)
    : QTreeView(parent) {
  setModel(model);
  setItemDelegate(new DataDelegate(theme, this));
  setAccessibleName(tr("Outline of the knowledge"));
  setFrameShape(QFrame::NoFrame);
  header()->hide();
  setIndentation(kIndent);
  setUniformRowHeights(true);
  setEditTriggers(NoEditTriggers);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
  connect(&theme, &theme::Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void OutlineView::keyPressEvent(QKeyEvent* event) {
  const QString text = event->text();
  const bool written = !text.isEmpty() && text.at(0).isPrint() && text.at(0) != u' ';
  const bool deletes = event->key() == Qt::Key_Delete || event->key() == Qt::Key_Escape;
  if (written || deletes) return event->ignore();
  QTreeView::keyPressEvent(event);
}

}  // namespace aiops::ui
