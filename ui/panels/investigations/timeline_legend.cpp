// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/timeline_legend.h"

#include <QPainter>
#include <functional>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

TimelineLegend::TimelineLegend(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  setAccessibleName(tr("Legend: all lines, warning and above, silent, event"));
}

void TimelineLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  double x = 12;
  const double y = height() / 2.0;
  const auto entry = [&](const QString& text, const std::function<void(const QRectF&)>& mark) {
    const double width = textWidth(text, theme(), FontRole::Caption);
    // What has no room is left out whole.
    if (x + 16 + width > this->width()) return;
    mark(QRectF(x, y - 5, 10, 10));
    paintText(painter, QRectF(x + 16, 0, width + 2, height()), text, theme(), FontRole::Caption,
              Token::Text2);
    x += 16 + width + 14;
  };
  entry(tr("all"), [&](const QRectF& box) { painter.fillRect(box, color(Token::Bar)); });
  entry(tr("warning and above"), [&](const QRectF& box) { painter.fillRect(box, color(Token::GraphError)); });
  entry(tr("silent"), [&](const QRectF& box) {
    painter.fillRect(box, QBrush(color(Token::LineStrong), Qt::BDiagPattern));
  });
  entry(tr("first sign"),
        [&](const QRectF& box) { paintSeverity(painter, box, model::Severity::Error, theme()); });
}

}  // namespace aiops::ui
