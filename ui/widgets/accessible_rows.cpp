// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/accessible_rows.h"

#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>
#include <QWidget>

namespace aiops::ui {
namespace {

class RowsInterface;

class RowInterface final : public QAccessibleInterface {
 public:
  RowInterface(QWidget* widget, AccessibleRows* rows, int row) : m_widget(widget), m_rows(rows), m_row(row) {}

  bool isValid() const override { return m_widget && m_row < m_rows->accessibleRowCount(); }
  QObject* object() const override { return nullptr; }
  QAccessible::Role role() const override { return QAccessible::ListItem; }
  QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_widget); }
  int childCount() const override { return 0; }
  QAccessibleInterface* child(int) const override { return nullptr; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  void setText(QAccessible::Text, const QString&) override {}

  QString text(QAccessible::Text kind) const override {
    return kind == QAccessible::Name && isValid() ? m_rows->accessibleRowText(m_row) : QString();
  }

  QRect rect() const override {
    if (!isValid()) return {};
    const QRect local = m_rows->accessibleRowRect(m_row);
    return {m_widget->mapToGlobal(local.topLeft()), local.size()};
  }

  QAccessible::State state() const override {
    QAccessible::State state;
    state.invalid = !isValid();
    if (state.invalid) return state;
    state.selectable = true;
    state.focusable = true;
    state.readOnly = true;
    state.selected = m_rows->accessibleCurrentRow() == m_row;
    state.focused = state.selected && m_widget->hasFocus();
    state.offscreen = m_rows->accessibleRowRect(m_row).isEmpty();
    return state;
  }

 private:
  QPointer<QWidget> m_widget;
  AccessibleRows* m_rows;
  int m_row;
};

class RowsInterface final : public QAccessibleWidget {
 public:
  RowsInterface(QWidget* widget, AccessibleRows* rows)
      : QAccessibleWidget(widget, QAccessible::List), m_rows(rows) {}
  ~RowsInterface() override {
    for (const auto id : std::as_const(m_children)) QAccessible::deleteAccessibleInterface(id);
  }

  int childCount() const override { return m_rows->accessibleRowCount(); }

  QAccessibleInterface* child(int row) const override {
    if (row < 0 || row >= childCount()) return nullptr;
    const auto found = m_children.constFind(row);
    if (found != m_children.constEnd()) return QAccessible::accessibleInterface(*found);
    auto* made = new RowInterface(widget(), m_rows, row);  // owned by the accessibility cache
    m_children.insert(row, QAccessible::registerAccessibleInterface(made));
    return made;
  }

  int indexOfChild(const QAccessibleInterface* child) const override {
    for (auto it = m_children.constBegin(); it != m_children.constEnd(); ++it) {
      if (QAccessible::accessibleInterface(it.value()) == child) return it.key();
    }
    return -1;
  }

  QAccessibleInterface* focusChild() const override {
    const int row = m_rows->accessibleCurrentRow();
    return row < 0 ? const_cast<RowsInterface*>(this) : child(row);
  }

 private:
  AccessibleRows* m_rows;
  mutable QHash<int, QAccessible::Id> m_children;
};

QAccessibleInterface* makeRows(const QString&, QObject* object) {
  auto* widget = qobject_cast<QWidget*>(object);
  auto* rows = dynamic_cast<AccessibleRows*>(object);
  return widget && rows ? new RowsInterface(widget, rows) : nullptr;
}

}  // namespace

void installAccessibleRows() {
  // Qt ignores a factory that is installed already.
  QAccessible::installFactory(makeRows);
}

}  // namespace aiops::ui
