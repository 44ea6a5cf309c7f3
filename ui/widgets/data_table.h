// A table in the console's look: rows by delegate, columns that stretch and hide by priority, keys.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>
#include <vector>

#include "theme/theme.h"

namespace aiops::ui {

/// Roles that a model of such a table may answer.
enum DataTableRole {
  IdRole = Qt::UserRole + 100,  ///< QString: selection survives a refresh by it
  InkRole,                      ///< int of theme::Token, the colour of the cell's text; Text2 without
  IconRole,                     ///< QString: icon before the text
  MonoRole,                     ///< bool: data that is compared
};

/// Paints background, line, focus and the text of each cell. Override paintCell() for more.
class DataDelegate : public QStyledItemDelegate {
 public:
  DataDelegate(const theme::Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 protected:
  /// `box` is the cell without its padding.
  virtual void paintCell(QPainter& painter, const QRectF& box, const QModelIndex& index) const;
  const theme::Theme& theme() const { return m_theme; }

 private:
  const theme::Theme& m_theme;
};

/// J K or arrows, Home and End move, Enter or a double click emit opened(). Letters that mean nothing here go
/// to the panel. Its model has the roles above and its rows an id each.
class DataTable : public QTableView {
  Q_OBJECT
 public:
  struct Column {
    int width = 80;     ///< of the stretching one the least width
    int hideOrder = 0;  ///< 1 hides first when space is short; 0 never
    bool stretch = false;
  };

  DataTable(const theme::Theme& theme, QAbstractItemModel* model, std::vector<Column> columns,
            QWidget* parent = nullptr);

  QString currentId() const;
  /// The row with this id, else the first one.
  void selectId(const QString& id);
  void setDelegate(DataDelegate* delegate);
  /// Takes the focus now or, while it is hidden, as soon as it is shown.
  void takeFocus();

 Q_SIGNALS:
  void opened(const QString& id);
  void currentIdChanged(const QString& id);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
  void placeColumns();
  void step(int by);

  const theme::Theme& m_theme;
  std::vector<Column> m_columns;
  bool m_wantsFocus = false;
};

}  // namespace aiops::ui
