// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/argv_view.h"

#include <QFontMetricsF>
#include <algorithm>

#include "panels/approvals/escaped_text.h"
#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr qreal kLine = 18, kHeight = 24, kGap = 6, kPadding = 8;

qreal indexSpace(qsizetype i) {
  return i > 9 ? 26 : 18;
}

}  // namespace

ArgvView::ArgvView(const theme::Theme& theme, const std::vector<std::string>& argv, QWidget* parent)
    : Painted(theme, parent) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  QStringList aloud;
  for (const auto& argument : argv) {
    m_arguments << exactArgument(argument);
    aloud << tr("%1: %2").arg(m_arguments.size() - 1).arg(m_arguments.back());
  }
  setAccessibleName(tr("Argument vector of %1").arg(m_arguments.size()));
  setAccessibleDescription(aloud.join(QStringLiteral(", ")));
}

std::vector<ArgvView::Box> ArgvView::boxes(int width) const {
  std::vector<Box> result;
  const QFontMetricsF metrics(theme().font(FontRole::Mono));
  qreal x = 0, top = 0, rowHeight = kHeight;
  for (qsizetype i = 0; i < m_arguments.size(); ++i) {
    const qreal frame = indexSpace(i) + 2 * kPadding;
    const int columns = static_cast<int>((width - frame) / monoWidth(theme()));
    Box box{.rect = {}, .pieces = brokenTo(m_arguments[i], columns)};
    qreal text = 0;
    for (const auto& piece : box.pieces) text = std::max(text, metrics.horizontalAdvance(piece));
    const qreal height = kHeight + kLine * static_cast<qreal>(box.pieces.size() - 1);
    const qreal space = std::ceil(frame + text);
    if (x > 0 && x + space > width) {
      x = 0;
      top += rowHeight + kGap;
      rowHeight = kHeight;
    }
    box.rect = QRectF(x, top, space, height);
    x += space + kGap;
    rowHeight = std::max(rowHeight, height);
    result.push_back(std::move(box));
  }
  return result;
}

int ArgvView::heightForWidth(int width) const {
  qreal bottom = kHeight;
  for (const auto& box : boxes(width)) bottom = std::max(bottom, box.rect.bottom());
  return static_cast<int>(bottom);
}

void ArgvView::resizeEvent(QResizeEvent*) {
  const int needed = heightForWidth(width());
  if (needed != minimumHeight()) setFixedHeight(needed);
}

void ArgvView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const qreal baseline = (kHeight + QFontMetricsF(theme().font(FontRole::Mono)).capHeight()) / 2;
  const auto all = boxes(width());
  for (size_t i = 0; i < all.size(); ++i) {
    const Box& box = all[i];
    const qreal index = indexSpace(static_cast<qsizetype>(i));
    paintBox(painter, box.rect, color(Token::Inset), color(Token::LineStrong), theme::grid::kRadiusChip);
    painter.fillRect(QRectF(box.rect.left() + 1.5, box.rect.top() + 1.5, index - 1.5, box.rect.height() - 3),
                     color(Token::Raised));
    paintText(painter, QRectF(box.rect.left(), box.rect.top(), index, kHeight), QString::number(i), theme(),
              FontRole::Mono, Token::Text3, Qt::AlignHCenter);
    for (qsizetype k = 0; k < box.pieces.size(); ++k) {
      paintEscaped(
          painter,
          {box.rect.left() + index + kPadding, box.rect.top() + baseline + kLine * static_cast<qreal>(k)},
          box.pieces[k], theme(), Token::Text);
    }
  }
}

}  // namespace aiops::ui
