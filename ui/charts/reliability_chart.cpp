// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/reliability_chart.h"

#include <QChart>
#include <QLineSeries>
#include <QScatterSeries>
#include <QVBoxLayout>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "charts/plain_chart.h"

namespace aiops::ui {

using theme::Token;

namespace {

constexpr int kTicks = 5;
constexpr qreal kLine = 2, kThin = 1, kLeastDot = 7, kMostDot = 13;

}  // namespace

struct ReliabilityChart::Parts {
  QChart* chart = nullptr;
  QValueAxis* told = nullptr;
  QValueAxis* right = nullptr;
  QLineSeries* ideal = nullptr;
  QLineSeries* line = nullptr;
  std::vector<QLineSeries*> intervals;
  std::vector<QScatterSeries*> dots;
  std::vector<ReliabilityPoint> points;
};

ReliabilityChart::ReliabilityChart(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_parts(std::make_unique<Parts>()) {
  auto* view = plainChartView(this);
  m_parts->chart = view->chart();
  m_parts->told = new QValueAxis(this);
  m_parts->right = new QValueAxis(this);
  m_parts->chart->addAxis(m_parts->told, Qt::AlignBottom);
  m_parts->chart->addAxis(m_parts->right, Qt::AlignLeft);
  for (auto* axis : {m_parts->told, m_parts->right}) {
    axis->setRange(0, 100);
    axis->setTickCount(kTicks);
    axis->setLabelFormat(QStringLiteral("%d"));
  }
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(view);
  connect(&theme, &theme::Theme::changed, this, &ReliabilityChart::restyle);
}

ReliabilityChart::~ReliabilityChart() = default;

void ReliabilityChart::setPoints(std::vector<ReliabilityPoint> points) {
  m_parts->points = std::move(points);
  draw();
  restyle();
}

void ReliabilityChart::draw() {
  Parts& parts = *m_parts;
  parts.chart->removeAllSeries();
  parts.intervals.clear();
  parts.dots.clear();
  parts.ideal = new QLineSeries;
  parts.ideal->append(0, 0);
  parts.ideal->append(100, 100);
  parts.line = new QLineSeries;
  for (size_t i = 0; i < parts.points.size(); ++i) {
    const auto& point = parts.points[i];
    const qreal x = 100 * point.told, y = 100 * point.right;
    parts.line->append(x, y);
    auto* interval = new QLineSeries;
    interval->append(x, 100 * point.low);
    interval->append(x, 100 * point.high);
    parts.intervals.push_back(interval);
    auto* dot = new QScatterSeries;
    dot->append(x, y);
    connect(dot, &QXYSeries::hovered, this,
            [this, i](const QPointF&, bool on) { Q_EMIT pointed(on ? static_cast<int>(i) : -1); });
    parts.dots.push_back(dot);
  }
  parts.chart->addSeries(parts.ideal);
  for (auto* interval : parts.intervals) parts.chart->addSeries(interval);
  parts.chart->addSeries(parts.line);
  for (auto* dot : parts.dots) parts.chart->addSeries(dot);
  for (auto* series : parts.chart->series()) {
    series->attachAxis(parts.told);
    series->attachAxis(parts.right);
  }
}

void ReliabilityChart::restyle() {
  Parts& parts = *m_parts;
  styleAxis(*parts.told, m_theme);
  styleAxis(*parts.right, m_theme);
  parts.told->setGridLineVisible(false);
  parts.right->setLineVisible(false);
  if (parts.ideal == nullptr) return;
  const QColor accent = m_theme.color(Token::Series1);
  parts.ideal->setPen(QPen(m_theme.color(Token::Text3), kThin, Qt::DashLine));
  parts.line->setPen(QPen(accent, kLine));
  quint32 most = 1;
  for (const auto& point : parts.points) most = std::max(most, point.cases);
  for (size_t i = 0; i < parts.dots.size(); ++i) {
    parts.intervals[i]->setPen(QPen(accent, kThin));
    parts.dots[i]->setBrush(accent);
    parts.dots[i]->setPen(QPen(m_theme.color(Token::Panel), kThin));
    const qreal share = static_cast<qreal>(parts.points[i].cases) / most;
    parts.dots[i]->setMarkerSize(kLeastDot + (kMostDot - kLeastDot) * std::sqrt(share));
  }
}

}  // namespace aiops::ui
