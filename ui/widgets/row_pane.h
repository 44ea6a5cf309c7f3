// Rows below each other, in a pane that scrolls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>
#include <QWidget>

#include "theme/theme.h"

namespace aiops::ui {

/// Takes the focus for its pane. What it shows is put in anew as a whole: clear(), then rows with page() as
/// their parent.
class RowPane : public QWidget {
  Q_OBJECT
 public:
  RowPane(const theme::Theme& theme, const QString& accessibleName, int spacing, QWidget* parent = nullptr);

 protected:
  QWidget* page() const { return m_page; }
  QVBoxLayout& rows() { return *m_rows; }
  void clear();

 private:
  QWidget* m_page;
  QVBoxLayout* m_rows;
};

}  // namespace aiops::ui
