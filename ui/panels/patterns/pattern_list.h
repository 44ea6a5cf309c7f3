// The patterns, by name, with what each found in 30 days.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include "models/pattern_editor.h"
#include "widgets/painted.h"
#include "widgets/row_list.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// Opens the pattern under the cursor. Its states: not asked yet, failed, none, none that fits the filter.
class PatternList final : public Painted {
  Q_OBJECT
 public:
  PatternList(const theme::Theme& theme, PatternEditor& editor, QWidget* parent = nullptr);

  QLineEdit* filter() { return m_filter; }
  RowList* rows() { return m_rows; }
  /// The pattern under the cursor, or empty.
  std::string currentId() const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;
  QString secondLine(const model::PatternInfo& info) const;
  void refreshState();
  bool isShown(const QString& id) const;
  void openCurrent();

  PatternEditor& m_editor;
  QLineEdit* m_filter;
  RowList* m_rows;
  Label* m_count;
  Label* m_state;
  KeyButton* m_stateAction;
  KeyButton* m_new;
  std::vector<model::PatternInfo> m_shown;
  bool m_hasNew = false;  ///< the first row is the unsaved one
};

}  // namespace aiops::ui
