// A list of painted rows: selection by id, keyboard and accessible text for free.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QListView>
#include <functional>
#include <vector>

#include "theme/theme.h"

namespace aiops::ui {

/// What a row is to the view; how it looks is the owner's paint function.
struct RowInfo {
  QString id;          ///< of the thing shown: selection survives a refresh by it
  QString accessible;  ///< the row read aloud
  int height = 24;
};

struct RowState {
  bool current = false, focused = false, hovered = false;
};

/// QListView whose rows a function paints. setRows() with the same ids in the same order repaints only, so
/// nothing moves under the pointer. Enter, a click or a double click emit opened().
class RowList : public QListView {
  Q_OBJECT
 public:
  using Paint = std::function<void(QPainter&, const QRect&, int row, const RowState&)>;

  RowList(const theme::Theme& theme, Paint paint, QWidget* parent = nullptr);

  void setRows(std::vector<RowInfo> rows);
  QString currentId() const;
  void selectId(const QString& id);
  int rowCount() const;
  /// The current row by one up or down.
  void step(int by);
  /// A single click opens (a list of links) instead of only selecting.
  void setOpensOnClick(bool opens) { m_opensOnClick = opens; }

 Q_SIGNALS:
  void opened(const QString& id);
  void currentIdChanged(const QString& id);

 protected:
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  class Model;
  class Delegate;
  QString idAt(const QModelIndex& index) const;

  Model* m_model;
  void restore(const QString& id);
  bool m_opensOnClick = false;
  bool m_chosen = false;  ///< by a person, or by selectId()
};

}  // namespace aiops::ui
