// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/field_list.h"

#include <QPainter>
#include <cmath>

#include "widgets/left_to_right.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kNameWidth = 88;
constexpr int kNameHeight = 18;
constexpr int kRowGap = 5;
constexpr qreal kLeading = 2;

}  // namespace

FieldList::FieldList(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  installAccessibleRows();
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void FieldList::setRows(std::vector<Row> rows) {
  m_rows = std::move(rows);
  updateGeometry();
  update();
}

int FieldList::valueLeft(const Row& row) const {
  return row.wide ? 0 : kNameWidth;
}

int FieldList::valueTop(const Row& row) const {
  return row.wide && !row.name.isEmpty() ? kNameHeight : 0;
}

int FieldList::layOutRow(const Row& row, int width, QTextLayout& layout) const {
  QTextOption option;
  option.setTextDirection(Qt::LeftToRight);
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  layout.setTextOption(option);
  layout.setFont(theme().font(FontRole::Mono));
  layout.setText(forcedLeftToRight(row.value));
  qreal y = 0;
  layout.beginLayout();
  for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
    line.setLineWidth(std::max(width - valueLeft(row), 40));
    line.setPosition({0, y});
    y += line.height() + kLeading;
  }
  layout.endLayout();
  return std::max(valueTop(row) + static_cast<int>(std::ceil(y)), kNameHeight) + kRowGap;
}

int FieldList::heightForWidth(int width) const {
  int height = 0;
  for (const Row& row : m_rows) {
    QTextLayout layout;
    height += layOutRow(row, width, layout);
  }
  return height;
}

QString FieldList::accessibleRowText(int row) const {
  const Row& at = m_rows[static_cast<size_t>(row)];
  return at.name + QStringLiteral(": ") + at.value;
}

QRect FieldList::accessibleRowRect(int row) const {
  int top = 0;
  for (int i = 0;; ++i) {
    QTextLayout layout;
    const int height = layOutRow(m_rows[static_cast<size_t>(i)], width(), layout);
    if (i == row) return {0, top, width(), height};
    top += height;
  }
}

void FieldList::resizeEvent(QResizeEvent*) {
  updateGeometry();
}

void FieldList::paintRow(QPainter& painter, const Row& row, int top, QTextLayout& layout) const {
  paintText(painter, QRectF(0, top, row.wide ? width() : kNameWidth - 8, kNameHeight), row.name, theme(),
            FontRole::Secondary, Token::Text3);
  const int shift = static_cast<int>(layout.text().size() - row.value.size());
  QList<QTextLayout::FormatRange> formats;
  for (const Mark& mark : row.marks) {
    QTextCharFormat format;
    format.setForeground(color(mark.token));
    formats.append({mark.first + shift, mark.last - mark.first, format});
  }
  painter.setPen(color(row.token));
  layout.draw(&painter, QPointF(valueLeft(row), top + valueTop(row) + 1), formats);
}

void FieldList::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  int top = 0;
  for (const Row& row : m_rows) {
    QTextLayout layout;
    const int height = layOutRow(row, width(), layout);
    paintRow(painter, row, top, layout);
    top += height;
  }
}

}  // namespace aiops::ui
