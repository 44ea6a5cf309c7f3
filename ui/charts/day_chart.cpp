// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/day_chart.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsSimpleTextItem>
#include <QLineSeries>
#include <QLocale>
#include <QScatterSeries>
#include <QVBoxLayout>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "charts/plain_chart.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kSteps = 4, kLabels = 3;
constexpr qreal kDot = 7, kLine = 2;

}  // namespace

double roundTop(double highest) {
  double top = kSteps;
  for (double unit = 1;; unit *= 10) {
    for (const double times : {1.0, 2.0, 5.0}) {
      top = kSteps * times * unit;
      if (top >= highest) return top;
    }
  }
}

struct DayChart::Parts {
  QChart* chart = nullptr;
  QChartView* view = nullptr;
  QValueAxis* values = nullptr;
  QCategoryAxis* days = nullptr;
  QLineSeries* line = nullptr;
  QScatterSeries* dots = nullptr;
  QGraphicsSimpleTextItem* last = nullptr;
  std::optional<QPointF> lastAt;
  std::vector<QPointF> drawn;  ///< day and value of each dot
};

DayChart::DayChart(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_parts(std::make_unique<Parts>()) {
  m_parts->view = plainChartView(this);
  auto* chart = m_parts->chart = m_parts->view->chart();
  m_parts->values = new QValueAxis(this);
  m_parts->days = new QCategoryAxis(this);
  m_parts->days->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  chart->addAxis(m_parts->values, Qt::AlignLeft);
  chart->addAxis(m_parts->days, Qt::AlignBottom);
  m_parts->last = new QGraphicsSimpleTextItem(chart);
  m_parts->last->setZValue(10);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_parts->view);
  connect(chart, &QChart::plotAreaChanged, this, &DayChart::placeLast);
  connect(&theme, &theme::Theme::changed, this, &DayChart::restyle);
}

DayChart::~DayChart() = default;

void DayChart::setDays(const std::vector<DayValue>& days, const QString& unit, int decimals) {
  Parts& parts = *m_parts;
  parts.chart->removeAllSeries();
  parts.line = nullptr;
  parts.dots = nullptr;
  double highest = 0;
  parts.lastAt.reset();
  parts.drawn.clear();
  for (size_t i = 0; i < days.size(); ++i) {
    if (!days[i].value) continue;
    highest = std::max(highest, *days[i].value);
    parts.drawn.emplace_back(static_cast<qreal>(i), *days[i].value);
    parts.lastAt = QPointF(static_cast<qreal>(i), *days[i].value);
  }
  for (const QString& known : parts.days->categoriesLabels()) parts.days->remove(known);
  const auto count = static_cast<qreal>(days.size());
  parts.values->setRange(0, roundTop(highest));
  parts.values->setTickCount(kSteps + 1);
  parts.days->setRange(-0.5, count - 0.5);
  parts.line = new QLineSeries;
  parts.dots = new QScatterSeries;
  for (size_t i = 0; i < days.size(); ++i) {
    if (!days[i].value) continue;
    parts.line->append(static_cast<qreal>(i), *days[i].value);
    parts.dots->append(static_cast<qreal>(i), *days[i].value);
  }
  parts.chart->addSeries(parts.line);
  parts.chart->addSeries(parts.dots);
  connect(parts.dots, &QXYSeries::hovered, this, [this](const QPointF& at, bool on) {
    Q_EMIT pointed(on ? static_cast<int>(std::lround(at.x())) : -1);
  });
  for (auto* series : parts.chart->series()) {
    series->attachAxis(parts.values);
    series->attachAxis(parts.days);
  }
  const size_t step = std::max<size_t>(1, (days.size() + kLabels - 1) / kLabels);
  for (size_t i = (step - 1) / 2; i < days.size(); i += step) {
    parts.days->append(days[i].label, static_cast<qreal>(i));
  }
  const QString text = parts.lastAt ? QLocale::c().toString(parts.lastAt->y(), 'f', decimals) : QString();
  parts.last->setText(text.isEmpty() || unit.isEmpty() ? text : text + QLatin1Char(' ') + unit);
  restyle();
}

void DayChart::restyle() {
  Parts& parts = *m_parts;
  const QColor accent = m_theme.color(Token::Series1);
  for (auto* axis : {static_cast<QAbstractAxis*>(parts.values), static_cast<QAbstractAxis*>(parts.days)})
    styleAxis(*axis, m_theme);
  parts.values->setLabelFormat(QStringLiteral("%d"));
  parts.values->setLineVisible(false);
  parts.days->setGridLineVisible(false);
  if (parts.line != nullptr) {
    parts.line->setPen(QPen(accent, kLine));
    parts.dots->setBrush(accent);
    parts.dots->setPen(QPen(m_theme.color(Token::Panel), 1));
    parts.dots->setMarkerSize(kDot);
  }
  parts.last->setFont(m_theme.font(FontRole::MonoStrong));
  parts.last->setBrush(m_theme.color(Token::Text));
  placeLast();
}

void DayChart::placeLast() {
  Parts& parts = *m_parts;
  parts.last->setVisible(parts.lastAt.has_value() && !parts.chart->series().isEmpty());
  if (!parts.last->isVisible()) return;
  const QRectF plot = parts.chart->plotArea();
  const QPointF at = parts.chart->mapToPosition(*parts.lastAt, parts.chart->series().constFirst());
  const QSizeF size = parts.last->boundingRect().size();
  const qreal x =
      std::clamp(at.x() - size.width() / 2, plot.left(), std::max(plot.left(), plot.right() - size.width()));
  // Above whatever else is drawn within its width.
  qreal top = at.y();
  for (const QPointF& value : parts.drawn) {
    const QPointF place = parts.chart->mapToPosition(value, parts.chart->series().constFirst());
    if (place.x() >= x - kDot) top = std::min(top, place.y());
  }
  const qreal y = top - size.height() - 5;
  parts.last->setPos(x, y < 0 ? at.y() + 6 : y);
}

}  // namespace aiops::ui
