// Names and values of one object, wrapped, as plain text with coloured ranges.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextLayout>
#include <vector>

#include "widgets/accessible_rows.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Shows values exactly as given, left to right, breaking lines anywhere if it must. Never interprets them.
/// Height follows width: put it into a scroll area that sets the width.
class FieldList final : public Painted, public AccessibleRows {
  Q_OBJECT
 public:
  /// UTF-16 units [first, last) in another colour.
  struct Mark {
    int first = 0;
    int last = 0;
    theme::Token token = theme::Token::Warn;
  };
  struct Row {
    QString name;
    QString value;
    std::vector<Mark> marks;
    theme::Token token = theme::Token::Text;
    bool wide = false;  ///< the value stands below the name and takes the whole width
  };

  explicit FieldList(const theme::Theme& theme, QWidget* parent = nullptr);

  void setRows(std::vector<Row> rows);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override { return {240, heightForWidth(240)}; }
  QSize minimumSizeHint() const override { return {160, heightForWidth(std::max(width(), 160))}; }

  int accessibleRowCount() const override { return static_cast<int>(m_rows.size()); }
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  int layOutRow(const Row& row, int width, QTextLayout& layout) const;
  int valueLeft(const Row& row) const;
  int valueTop(const Row& row) const;
  void paintRow(QPainter& painter, const Row& row, int top, QTextLayout& layout) const;

  std::vector<Row> m_rows;
};

}  // namespace aiops::ui
