// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/row_list.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

namespace aiops::ui {

class RowList::Model : public QAbstractListModel {
 public:
  using QAbstractListModel::QAbstractListModel;

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(rows.size());
  }

  QVariant data(const QModelIndex& index, int role) const override {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const RowInfo& row = rows[static_cast<size_t>(index.row())];
    if (role == Qt::AccessibleTextRole) return row.accessible;
    if (role == Qt::UserRole) return row.id;
    if (role == Qt::SizeHintRole) return QSize(40, row.height);
    return {};
  }

  void set(std::vector<RowInfo> next) {
    const bool same =
        std::equal(rows.begin(), rows.end(), next.begin(), next.end(),
                   [](const auto& a, const auto& b) { return a.id == b.id && a.height == b.height; });
    if (!same) beginResetModel();
    rows = std::move(next);
    if (!same) {
      endResetModel();
    } else if (!rows.empty()) {
      Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
  }

  std::vector<RowInfo> rows;
};

class RowList::Delegate : public QStyledItemDelegate {
 public:
  Delegate(Paint paint, QObject* parent) : QStyledItemDelegate(parent), m_paint(std::move(paint)) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const RowState state{.current = option.state.testFlag(QStyle::State_Selected),
                         .focused = option.state.testFlag(QStyle::State_HasFocus),
                         .hovered = option.state.testFlag(QStyle::State_MouseOver)};
    painter->save();
    m_paint(*painter, option.rect, index.row(), state);
    painter->restore();
  }

 private:
  Paint m_paint;
};

RowList::RowList(const theme::Theme& theme, Paint paint, QWidget* parent)
    : QListView(parent), m_model(new Model(this)) {
  setModel(m_model);
  setItemDelegate(new Delegate(std::move(paint), this));
  setFrameShape(QFrame::NoFrame);
  setEditTriggers(NoEditTriggers);
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMouseTracking(true);
  viewport()->setAutoFillBackground(false);
  connect(&theme, &theme::Theme::changed, viewport(), qOverload<>(&QWidget::update));
  connect(this, &QListView::doubleClicked, this, [this](const auto& index) { Q_EMIT opened(idAt(index)); });
  connect(this, &QListView::clicked, this, [this](const auto& index) {
    if (m_opensOnClick) Q_EMIT opened(idAt(index));
  });
}

void RowList::setRows(std::vector<RowInfo> rows) {
  const QString kept = currentId();
  m_model->set(std::move(rows));
  if (!m_chosen || kept.isEmpty() || currentId() != kept) restore(m_chosen ? kept : QString());
}

QString RowList::idAt(const QModelIndex& index) const {
  return index.data(Qt::UserRole).toString();
}
QString RowList::currentId() const {
  return idAt(currentIndex());
}
int RowList::rowCount() const {
  return m_model->rowCount();
}

void RowList::selectId(const QString& id) {
  m_chosen = true;
  restore(id);
}

void RowList::restore(const QString& id) {
  for (int row = 0; row < m_model->rowCount(); ++row) {
    if (idAt(m_model->index(row)) == id) return setCurrentIndex(m_model->index(row));
  }
  if (m_model->rowCount() > 0) setCurrentIndex(m_model->index(0));
}

void RowList::step(int by) {
  if (m_model->rowCount() == 0) return;
  m_chosen = true;
  const int row = std::clamp(currentIndex().row() + by, 0, m_model->rowCount() - 1);
  setCurrentIndex(m_model->index(row));
}

void RowList::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QListView::currentChanged(current, previous);
  Q_EMIT currentIdChanged(idAt(current));
}

void RowList::mousePressEvent(QMouseEvent* event) {
  m_chosen = true;
  QListView::mousePressEvent(event);
}

void RowList::keyPressEvent(QKeyEvent* event) {
  m_chosen = true;
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    if (currentIndex().isValid()) Q_EMIT opened(currentId());
    return;
  }
  if (event->key() == Qt::Key_J) return step(1);
  if (event->key() == Qt::Key_K) return step(-1);
  // Letters and signs are keys of the panel ("/" is its filter), not a search in the list.
  const QString text = event->text();
  if (!text.isEmpty() && text.at(0).isPrint() && text.at(0) != u' ') return event->ignore();
  QListView::keyPressEvent(event);
}

}  // namespace aiops::ui
