// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plain_chart.h"

#include <QChart>
#include <QGraphicsLayout>

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

QChartView* plainChartView(QWidget* parent) {
  auto* chart = new QChart;
  chart->setBackgroundVisible(false);
  chart->setMargins({0, 4, 14, 0});
  chart->layout()->setContentsMargins(0, 0, 0, 0);
  chart->legend()->hide();
  chart->setAnimationOptions(QChart::NoAnimation);
  auto* view = new QChartView(chart, parent);
  view->setRenderHint(QPainter::Antialiasing);
  view->setFrameShape(QFrame::NoFrame);
  view->setBackgroundBrush(Qt::NoBrush);
  view->viewport()->setAutoFillBackground(false);
  view->setFocusPolicy(Qt::NoFocus);
  view->viewport()->setFocusPolicy(Qt::NoFocus);
  return view;
}

void styleAxis(QAbstractAxis& axis, const theme::Theme& theme) {
  axis.setLabelsFont(theme.font(FontRole::Caption));
  axis.setLabelsBrush(theme.color(Token::Text3));
  axis.setGridLinePen(QPen(theme.color(Token::Line), 1));
  axis.setLinePen(QPen(theme.color(Token::Line), 1));
}

}  // namespace aiops::ui
