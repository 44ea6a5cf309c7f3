// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/histogram_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "models/display.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kHead = 30;
constexpr int kFoot = 20;
constexpr int kLeft = 46;
constexpr int kRight = 14;
constexpr int kLabelSpacing = 170;

// The least of 1, 2, 4, 6, 8, 10, 20 ... that is not below `value`, so that its half is whole.
uint32_t roundTop(uint32_t value) {
  for (uint32_t ten = 1;; ten *= 10) {
    for (const uint32_t step : {2U, 4U, 6U, 8U, 10U}) {
      if (value <= step * ten) return step * ten;
    }
  }
}

}  // namespace

HistogramView::HistogramView(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  installAccessibleRows();
  setAccessibleName(tr("Lines over time"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setFixedHeight(108);
}

void HistogramView::setHistogram(LogHistogram histogram) {
  // The cursor stays on its moment while bars move to the left.
  if (m_cursor >= 0 && histogram.bucket == m_histogram.bucket) {
    m_cursor -= static_cast<int>((histogram.from - m_histogram.from) / histogram.bucket);
  }
  m_histogram = std::move(histogram);
  m_cursor = std::clamp(m_cursor, -1, accessibleRowCount() - 1);
  m_hover = std::min(m_hover, accessibleRowCount() - 1);
  update();
}

void HistogramView::setTrailing(const QString& text) {
  m_trailing = text;
  update();
}

QRectF HistogramView::chartBox() const {
  return QRectF(kLeft, kHead, width() - kLeft - kRight, height() - kHead - kFoot);
}

QRectF HistogramView::columnBox(int bar) const {
  const QRectF chart = chartBox();
  const double step = chart.width() / std::max<size_t>(m_histogram.bars.size(), 12);
  return {chart.left() + bar * step, chart.top(), step, chart.height()};
}

int HistogramView::barAt(const QPoint& point) const {
  if (m_histogram.bars.empty() || point.y() < kHead - 4) return -1;
  const int bar = static_cast<int>(std::floor((point.x() - kLeft) / columnBox(0).width()));
  return bar >= 0 && bar < accessibleRowCount() ? bar : -1;
}

uint32_t HistogramView::highest() const {
  uint32_t most = 1;
  for (const auto& bar : m_histogram.bars) most = std::max(most, bar.all());
  return most;
}

QString HistogramView::accessibleRowText(int row) const {
  const auto& bar = m_histogram.bars[static_cast<size_t>(row)];
  return tr("%1: %2 info, %3 warnings, %4 errors")
      .arg(clockSecondsText(m_histogram.from + row * m_histogram.bucket), countText(bar.info),
           countText(bar.warning), countText(bar.error));
}

QRect HistogramView::accessibleRowRect(int row) const {
  return columnBox(row).toRect();
}

void HistogramView::paintHead(QPainter& painter) const {
  const QString unit = m_histogram.bucket == std::chrono::seconds(1)
                           ? tr("Lines per second")
                           : tr("Lines per %1 s").arg(m_histogram.bucket.count());
  double x = 14;
  const QRectF line(0, 4, width() - kRight, 22);
  paintText(painter, line.adjusted(x, 0, 0, 0), unit, theme(), FontRole::Secondary, Token::Text2);
  x += textWidth(unit, theme(), FontRole::Secondary) + 18;
  const std::array<std::pair<QString, Token>, 3> legend{
      {{tr("info"), Token::Bar}, {tr("warning"), Token::GraphWarn}, {tr("error"), Token::GraphError}}};
  for (const auto& [name, token] : legend) {
    painter.fillRect(QRectF(x, 10, 10, 10), color(token));
    paintText(painter, line.adjusted(x + 16, 0, 0, 0), name, theme(), FontRole::Caption, Token::Text2);
    x += 16 + textWidth(name, theme(), FontRole::Caption) + 14;
  }
  const int read = m_hover >= 0 ? m_hover : m_cursor;
  const QString right = read >= 0 ? accessibleRowText(read) : m_trailing;
  paintText(painter, line.adjusted(x, 0, 0, 0), right, theme(),
            read >= 0 ? FontRole::Mono : FontRole::Secondary, Token::Text, Qt::AlignRight);
}

void HistogramView::paintAxes(QPainter& painter, uint32_t top) const {
  const QRectF chart = chartBox();
  for (int half = 0; half <= 2; ++half) {
    const double y = std::round(chart.bottom() - chart.height() * half / 2) + 0.5;
    painter.setPen(QPen(color(Token::Line), 1));
    painter.drawLine(QPointF(chart.left(), y), QPointF(chart.right(), y));
    paintText(painter, QRectF(0, y - 9, kLeft - 8, 18), countText(top / 2 * static_cast<uint32_t>(half)),
              theme(), FontRole::Mono, Token::Text3, Qt::AlignRight);
  }
  const double step = columnBox(0).width();
  const int every = std::max(1, static_cast<int>(std::ceil(kLabelSpacing / step)));
  for (int bar = 0; bar < accessibleRowCount(); bar += every) {
    const double x = columnBox(bar).left();
    if (x + 60 > chart.right()) break;
    paintText(painter, QRectF(x, chart.bottom() + 2, 80, kFoot - 2),
              clockSecondsText(m_histogram.from + bar * m_histogram.bucket), theme(), FontRole::Mono,
              Token::Text3);
  }
}

void HistogramView::paintBar(QPainter& painter, int bar, uint32_t top) const {
  const QRectF column = columnBox(bar);
  const auto& counts = m_histogram.bars[static_cast<size_t>(bar)];
  if (bar == m_hover || bar == m_cursor) painter.fillRect(column, color(Token::Selected));
  const double gap = column.width() > 4 ? 1 : 0;
  double bottom = column.bottom();
  const std::array<std::pair<uint32_t, Token>, 3> parts{
      {{counts.error, Token::GraphError}, {counts.warning, Token::GraphWarn}, {counts.info, Token::Bar}}};
  for (const auto& [count, token] : parts) {
    if (count == 0) continue;
    // One line among thousands must still be seen.
    const double height = std::max(column.height() * count / top, 1.0);
    painter.fillRect(QRectF(column.left(), bottom - height, column.width() - gap, height), color(token));
    bottom -= height;
  }
  if (bar == m_cursor && hasFocus()) paintFocus(painter, column, theme(), 2);
}

void HistogramView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::App));
  paintHead(painter);
  if (m_histogram.bars.empty()) return;
  const uint32_t top = roundTop(highest());
  paintAxes(painter, top);
  for (int bar = 0; bar < accessibleRowCount(); ++bar) paintBar(painter, bar, top);
}

void HistogramView::choose(int bar) {
  m_cursor = bar;
  update();
  Q_EMIT chosen((m_histogram.from + bar * m_histogram.bucket).time_since_epoch().count());
}

void HistogramView::mousePressEvent(QMouseEvent* event) {
  const int bar = barAt(event->pos());
  if (bar >= 0) choose(bar);
}

void HistogramView::mouseMoveEvent(QMouseEvent* event) {
  m_hover = barAt(event->pos());
  update();
}

void HistogramView::leaveEvent(QEvent*) {
  m_hover = -1;
  update();
}

void HistogramView::focusOutEvent(QFocusEvent*) {
  m_cursor = -1;
  update();
}

void HistogramView::keyPressEvent(QKeyEvent* event) {
  const int last = accessibleRowCount() - 1;
  if (last < 0) return Painted::keyPressEvent(event);
  if (event->key() == Qt::Key_Left) {
    m_cursor = m_cursor < 0 ? last : std::max(0, m_cursor - 1);
  } else if (event->key() == Qt::Key_Right) {
    m_cursor = std::min(last, m_cursor + 1);
  } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_cursor >= 0) {
    return choose(m_cursor);
  } else {
    return Painted::keyPressEvent(event);
  }
  update();
}

}  // namespace aiops::ui
