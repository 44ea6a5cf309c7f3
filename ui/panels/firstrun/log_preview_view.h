// The newest lines of the chosen log as they would be seen, or how to make it readable.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_finder.h"
#include "widgets/card.h"
#include "widgets/row_list.h"

class QLineEdit;

namespace aiops::ui {

class KeyButton;

/// For an unreadable log: what stands in the way and the exact command that allows it, to copy. Nothing runs
/// it.
class LogPreviewView final : public Card {
  Q_OBJECT
 public:
  LogPreviewView(const theme::Theme& theme, LogFinder& finder, QWidget* parent = nullptr);
  RowList* rows() { return m_rows; }
  QString stateText() const;
  QString command() const;

 private:
  void refresh();
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;

  LogFinder& m_finder;
  RowList* m_rows;
  Label* m_state;
  QLineEdit* m_command;
  KeyButton* m_copy;
};

}  // namespace aiops::ui
