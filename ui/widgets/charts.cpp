// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "theme/icon.h"
#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

void paintSpark(QPainter& painter, const QRectF& box, const std::vector<double>& values, const QColor& colour,
                bool filled) {
  if (values.size() < 2) return;
  const double top = std::max(1e-9, *std::max_element(values.begin(), values.end()));
  QPolygonF line;
  for (size_t i = 0; i < values.size(); ++i) {
    const double x =
        box.left() + box.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1);
    line << QPointF(x, box.bottom() - 1 - (box.height() - 2) * values[i] / top);
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  if (filled) {
    QPainterPath area;
    area.addPolygon(line);
    area.lineTo(box.bottomRight());
    area.lineTo(box.bottomLeft());
    QColor tint = colour;
    tint.setAlphaF(0.18F);
    painter.fillPath(area, tint);
  }
  painter.setPen(QPen(colour, 1.2));
  painter.drawPolyline(line);
  painter.restore();
}

SparkLine::SparkLine(const theme::Theme& theme, Token colour, QWidget* parent)
    : Painted(theme, parent), m_colour(colour) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SparkLine::setValues(std::vector<double> values) {
  m_values = std::move(values);
  update();
}

void SparkLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintSpark(painter, rect(), m_values, color(m_colour), true);
}

StackedBars::StackedBars(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {}

void StackedBars::setBuckets(std::vector<Bucket> buckets, QStringList labels) {
  m_buckets = std::move(buckets);
  m_labels = std::move(labels);
  update();
}

void StackedBars::paintBucket(QPainter& painter, const QRectF& column, const Bucket& bucket,
                              double perCount) const {
  static constexpr std::array kFills{Token::GraphWarn, Token::GraphError, Token::GraphCrit};
  qreal bottom = column.bottom();
  for (size_t i = 0; i < bucket.size(); ++i) {
    if (bucket[i] == 0) continue;
    const qreal height = bucket[i] * perCount;
    painter.fillRect(QRectF(column.left(), bottom - height, column.width(), std::max(1.0, height - 1)),
                     color(kFills[i]));
    bottom -= height;
  }
}

void StackedBars::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF plot = QRectF(rect()).adjusted(20, 6, -2, -16);
  uint32_t highest = 0;
  for (const Bucket& bucket : m_buckets) {
    highest = std::max(highest, std::accumulate(bucket.begin(), bucket.end(), 0U));
  }
  const uint32_t top = std::max(2U, (highest + 1) / 2 * 2);
  for (const uint32_t value : {0U, top / 2, top}) {
    const qreal y = std::round(plot.bottom() - plot.height() * value / top);
    painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), color(Token::Line));
    paintText(painter, QRectF(0, y - 8, 14, 16), QString::number(value), theme(), FontRole::Caption,
              Token::Text3, Qt::AlignRight);
  }
  if (m_buckets.empty()) return;
  const qreal width = plot.width() / static_cast<qreal>(m_buckets.size());
  for (size_t i = 0; i < m_buckets.size(); ++i) {
    const qreal left = plot.left() + width * static_cast<qreal>(i);
    paintBucket(painter, QRectF(left + 1, plot.top(), width - 2, plot.height()), m_buckets[i],
                plot.height() / top);
    const QString label = m_labels.value(static_cast<qsizetype>(i));
    if (label.isEmpty()) continue;
    const qreal space = textWidth(label, theme(), FontRole::Caption) + 2;
    const qreal x = std::clamp(left + width / 2 - space / 2, plot.left(), plot.right() - space);
    paintText(painter, QRectF(x, plot.bottom() + 2, space, 14), label, theme(), FontRole::Caption,
              Token::Text3);
  }
}

TimeRing::TimeRing(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void TimeRing::setShare(double share) {
  m_share = std::clamp(share, 0.0, 1.0);
  update();
}

void TimeRing::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF ring = QRectF(rect()).adjusted(3, 3, -3, -3);
  painter.setPen(QPen(color(Token::Line), 3.5));
  painter.drawEllipse(ring);
  painter.setPen(QPen(color(Token::Attn), 3.5, Qt::SolidLine, Qt::FlatCap));
  painter.drawArc(ring, 90 * 16, static_cast<int>(std::lround(m_share * 360 * 16)));
  theme::Icon(QStringLiteral("clock")).paint(painter, rect(), color(Token::Attn));
}

}  // namespace aiops::ui
