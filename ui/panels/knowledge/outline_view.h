// The knowledge as a tree in the console's look.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

#include "theme/theme.h"

namespace aiops::ui {

/// Arrows move, open and close; letters and signs are keys of the panel, not a search in the tree.
class OutlineView final : public QTreeView {
  Q_OBJECT
 public:
  OutlineView(const theme::Theme& theme, QAbstractItemModel* model, QWidget* parent = nullptr);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
};

}  // namespace aiops::ui
