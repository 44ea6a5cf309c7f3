// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/success_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kScaleHeight = 20, kPlotMargin = 6;
constexpr uint32_t kFewCases = 3;

qreal placeOf(const QRectF& plot, double share) {
  return plot.left() + plot.width() * std::clamp(share, 0.0, 1.0);
}

/// The plot within the cell: both ends keep room for a dot.
QRectF plotIn(const QRectF& cell) {
  return cell.adjusted(kPlotMargin, 0, -kPlotMargin, 0);
}

class IntervalDelegate final : public DataDelegate {
 public:
  IntervalDelegate(const theme::Theme& theme, const TrustModel& model, QObject* parent)
      : DataDelegate(theme, parent), m_model(model) {}

 protected:
  void paintCell(QPainter& painter, const QRectF& box, const QModelIndex& index) const override {
    if (index.column() != TrustModel::Interval) return DataDelegate::paintCell(painter, box, index);
    const auto& trust = m_model.at(index.row());
    const QRectF plot = plotIn(box);
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      painter.fillRect(QRectF(std::round(placeOf(plot, share)), box.top(), 1, box.height() + 1),
                       theme().color(Token::Line));
    }
    const QColor ink = theme().color(trust.tried < kFewCases ? Token::Series6 : Token::Series1);
    const qreal y = std::round(box.center().y()), low = placeOf(plot, trust.low),
                high = placeOf(plot, trust.high);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 2));
    painter.drawLine(QPointF(low, y), QPointF(high, y));
    for (const qreal end : {low, high}) painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4));
    painter.setPen(QPen(theme().color(Token::Panel), 1));
    painter.setBrush(ink);
    painter.drawEllipse(QPointF(placeOf(plot, trust.mean), y), 5, 5);
  }

 private:
  const TrustModel& m_model;
};

}  // namespace

class SuccessTable::Scale final : public Painted {
 public:
  Scale(const theme::Theme& theme, const DataTable& table, QWidget* parent)
      : Painted(theme, parent), m_table(table) {
    setFixedHeight(kScaleHeight);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    if (m_table.isColumnHidden(TrustModel::Interval)) return;
    QPainter painter(this);
    const int left = m_table.columnViewportPosition(TrustModel::Interval);
    const QRectF plot = plotIn(QRectF(left + 8, 0, m_table.columnWidth(TrustModel::Interval) - 16, height()));
    for (const int percent : {0, 25, 50, 75, 100}) {
      const qreal x = placeOf(plot, percent / 100.0);
      paintText(painter, QRectF(x - 25, 2, 50, 16), tr("%1 %").arg(percent), theme(), FontRole::Caption,
                Token::Text3, Qt::AlignHCenter);
    }
  }

 private:
  const DataTable& m_table;
};

SuccessTable::SuccessTable(const theme::Theme& theme, TrustModel& model, QWidget* parent) : QWidget(parent) {
  m_table = new DataTable(theme, &model,
                          {{.width = 152, .stretch = true},
                           {.width = 116, .hideOrder = 1, .stretch = true},
                           {.width = 76},
                           {.width = 150, .stretch = true},
                           {.width = 64, .hideOrder = 2}},
                          this);
  m_table->setDelegate(new IntervalDelegate(theme, model, m_table));
  m_table->setAccessibleName(tr("Success by playbook"));
  m_table->horizontalHeader()->setSectionsClickable(true);
  m_table->horizontalHeader()->setSortIndicator(TrustModel::Worked, Qt::DescendingOrder);
  m_table->setSortingEnabled(true);
  auto* scale = new Scale(theme, *m_table, this);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(0);
  all->addWidget(m_table, 1);
  all->addWidget(scale);
  connect(m_table->horizontalHeader(), &QHeaderView::sectionResized, scale, qOverload<>(&QWidget::update));
}

void SuccessTable::sortByNext() {
  int column = m_table->horizontalHeader()->sortIndicatorSection();
  do {
    column = (column + 1) % TrustModel::ColumnCount;
  } while (m_table->isColumnHidden(column));
  m_table->sortByColumn(column, column <= TrustModel::Service ? Qt::AscendingOrder : Qt::DescendingOrder);
}

void SuccessTable::turnOrder() {
  const auto* header = m_table->horizontalHeader();
  const bool ascending = header->sortIndicatorOrder() == Qt::AscendingOrder;
  m_table->sortByColumn(header->sortIndicatorSection(), ascending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

}  // namespace aiops::ui
