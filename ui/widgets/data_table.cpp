// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/data_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <utility>

#include "widgets/left_to_right.h"
#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kPadding = 8, kMarker = 3, kIconSpace = 22;

}  // namespace

void DataDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
  painter->save();
  const QRect& rect = option.rect;
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  if (selected) painter->fillRect(rect, m_theme.color(Token::Selected));
  painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), m_theme.color(Token::Line));
  if (selected && index.column() == 0) {
    painter->fillRect(QRect(rect.left(), rect.top(), kMarker, rect.height()), m_theme.color(Token::Accent));
  }
  paintCell(*painter, QRectF(rect).adjusted(kPadding, 0, -kPadding, -1), index);
  painter->restore();
}

void DataDelegate::paintCell(QPainter& painter, const QRectF& box, const QModelIndex& index) const {
  const QVariant ink = index.data(InkRole);
  const auto token = ink.isValid() ? static_cast<Token>(ink.toInt()) : Token::Text2;
  const bool mono = index.data(MonoRole).toBool();
  QRectF rest = box;
  const QString icon = index.data(IconRole).toString();
  if (!icon.isEmpty()) {
    theme::Icon(icon).paint(painter, QRectF(box.left(), box.top(), 16, box.height()), m_theme.color(token),
                            14);
    rest.setLeft(box.left() + kIconSpace);
  }
  const auto alignment = index.data(Qt::TextAlignmentRole);
  paintText(painter, rest, forcedLeftToRight(index.data().toString()), m_theme,
            mono ? FontRole::Mono : FontRole::Secondary, token,
            alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::AlignLeft);
}

DataTable::DataTable(const theme::Theme& theme, QAbstractItemModel* model, std::vector<Column> columns,
                     QWidget* parent)
    : QTableView(parent), m_theme(theme), m_columns(std::move(columns)) {
  setModel(model);
  setItemDelegate(new DataDelegate(theme, this));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setSelectionBehavior(SelectRows);
  setSelectionMode(SingleSelection);
  setEditTriggers(NoEditTriggers);
  setTabKeyNavigation(false);
  setWordWrap(false);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(ScrollPerPixel);
  viewport()->setAutoFillBackground(false);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(theme::grid::kRow);
  verticalHeader()->setMinimumSectionSize(theme::grid::kRow);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  connect(this, &QTableView::doubleClicked, this, [this] { Q_EMIT opened(currentId()); });
  connect(&theme, &theme::Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void DataTable::setDelegate(DataDelegate* delegate) {
  delete itemDelegate();
  setItemDelegate(delegate);
}

void DataTable::takeFocus() {
  m_wantsFocus = !isVisible();
  setFocus();
}

void DataTable::showEvent(QShowEvent* event) {
  QTableView::showEvent(event);
  if (std::exchange(m_wantsFocus, false)) setFocus();
}

QString DataTable::currentId() const {
  return currentIndex().siblingAtColumn(0).data(IdRole).toString();
}

void DataTable::selectId(const QString& id) {
  const int rows = model()->rowCount();
  for (int row = 0; row < rows; ++row) {
    if (model()->index(row, 0).data(IdRole).toString() == id) return setCurrentIndex(model()->index(row, 0));
  }
  if (rows > 0) setCurrentIndex(model()->index(0, 0));
}

void DataTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  // The focus that comes to a table makes a row the current one without selecting it.
  if (current.isValid() && !selectionModel()->isRowSelected(current.row(), {})) {
    selectionModel()->select(current, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  }
  if (current.row() != previous.row()) Q_EMIT currentIdChanged(currentId());
}

void DataTable::step(int by) {
  const int rows = model()->rowCount();
  if (rows == 0) return;
  setCurrentIndex(model()->index(std::clamp(currentIndex().row() + by, 0, rows - 1), 0));
}

void DataTable::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (currentIndex().isValid()) Q_EMIT opened(currentId());
      return;
    case Qt::Key_J:
      return step(1);
    case Qt::Key_K:
      return step(-1);
    case Qt::Key_Home:
      step(-model()->rowCount());
      return event->ignore();  // the panel may have newer rows to show
    case Qt::Key_End:
      return step(model()->rowCount());
    case Qt::Key_Space:
      return event->ignore();
    default:
      break;
  }
  // Letters are keys of the panel, not a search in the table.
  if (!event->text().isEmpty() && event->text().at(0).isPrint()) return event->ignore();
  QTableView::keyPressEvent(event);
}

void DataTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  placeColumns();
}

void DataTable::paintEvent(QPaintEvent* event) {
  QTableView::paintEvent(event);
  if (!hasFocus() || !currentIndex().isValid()) return;
  QPainter painter(viewport());
  const QRect row(0, rowViewportPosition(currentIndex().row()), viewport()->width(),
                  rowHeight(currentIndex().row()) - 1);
  paintFocus(painter, row, m_theme, theme::grid::kRadiusChip);
}

void DataTable::placeColumns() {
  int needed = 0, last = 0;
  for (const Column& column : m_columns) {
    needed += column.width;
    last = std::max(last, column.hideOrder);
  }
  for (size_t i = 0; i < m_columns.size(); ++i) setColumnHidden(static_cast<int>(i), false);
  for (int order = 1; order <= last && needed > viewport()->width(); ++order) {
    for (size_t i = 0; i < m_columns.size(); ++i) {
      if (m_columns[i].hideOrder != order) continue;
      setColumnHidden(static_cast<int>(i), true);
      needed -= m_columns[i].width;
    }
  }
  int stretching = 0;
  for (size_t i = 0; i < m_columns.size(); ++i) {
    if (m_columns[i].stretch && !isColumnHidden(static_cast<int>(i))) ++stretching;
  }
  const int spare = stretching == 0 ? 0 : std::max(0, viewport()->width() - needed) / stretching;
  for (size_t i = 0; i < m_columns.size(); ++i) {
    setColumnWidth(static_cast<int>(i), m_columns[i].width + (m_columns[i].stretch ? spare : 0));
  }
}

}  // namespace aiops::ui
