// Accessibility of painted widgets that show rows: a list whose children are the rows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QString>

namespace aiops::ui {

/// What a painted widget tells about its rows. Implement it beside QWidget; rows count from 0, rectangles are
/// in the coordinates of the widget (empty when scrolled out). The texts are shown text, never raw bytes.
class AccessibleRows {
 public:
  virtual ~AccessibleRows() = default;
  virtual int accessibleRowCount() const = 0;
  virtual QString accessibleRowText(int row) const = 0;
  virtual QRect accessibleRowRect(int row) const = 0;
  /// The row that has the cursor, or -1.
  virtual int accessibleCurrentRow() const { return -1; }
};

/// Makes every widget that is also AccessibleRows appear as a list with its rows. Called once per process by
/// each such widget; further calls do nothing. UI thread only.
void installAccessibleRows();

}  // namespace aiops::ui
