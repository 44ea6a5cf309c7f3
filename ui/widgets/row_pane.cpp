// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/row_pane.h"

#include "widgets/scroll_pane.h"

namespace aiops::ui {

RowPane::RowPane(const theme::Theme& theme, const QString& accessibleName, int spacing, QWidget* parent)
    : QWidget(parent), m_page(new QWidget), m_rows(new QVBoxLayout(m_page)) {
  m_rows->setContentsMargins(6, 4, 6, 4);  // clear of the ring of the focus
  m_rows->setSpacing(spacing);
  auto* scroll = new ScrollPane(theme, this);
  scroll->setPage(m_page);
  scroll->setAccessibleName(accessibleName);
  setFocusProxy(scroll);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(scroll);
}

void RowPane::clear() {
  while (QLayoutItem* item = m_rows->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
}

}  // namespace aiops::ui
