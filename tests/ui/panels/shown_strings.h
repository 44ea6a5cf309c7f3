// Every string that a widget and its children show or read out, for tests of hostile text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>

#include "widgets/accessible_rows.h"

namespace aiops::test {

/// Escape sequences, a bidi override, markup, a line feed and bad UTF-8.
inline constexpr auto kHostile = "<b>rm</b>\x1b[31m\xe2\x80\xaegpj.exe\xff";

inline QStringList shownStrings(const QWidget& root) {
  QStringList all;
  auto widgets = root.findChildren<QWidget*>();
  for (const auto* widget : std::as_const(widgets)) {
    all << widget->accessibleName() << widget->accessibleDescription() << widget->toolTip();
    if (const auto* label = qobject_cast<const QLabel*>(widget)) {
      if (label->textFormat() != Qt::PlainText) all << QStringLiteral("\x1b not plain text");
      all << label->text();
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) all << button->text();
    if (const auto* field = qobject_cast<const QLineEdit*>(widget))
      all << field->text() << field->placeholderText();
    if (const auto* rows = dynamic_cast<const ui::AccessibleRows*>(widget)) {
      for (int row = 0; row < rows->accessibleRowCount(); ++row) all << rows->accessibleRowText(row);
    }
    const auto* view = qobject_cast<const QAbstractItemView*>(widget);
    if (view == nullptr || view->model() == nullptr) continue;
    for (int row = 0; row < view->model()->rowCount(); ++row) {
      for (int column = 0; column < view->model()->columnCount(); ++column) {
        const auto index = view->model()->index(row, column);
        all << index.data().toString() << index.data(Qt::AccessibleTextRole).toString();
      }
    }
  }
  return all;
}

/// The first string that could act on a screen or a reader, or empty.
inline QString dangerous(const QWidget& root) {
  for (const QString& text : shownStrings(root)) {
    for (const QChar bad : {QChar(0x1b), QChar(0x202e), QChar(7)}) {
      if (text.contains(bad)) return text;
    }
  }
  return {};
}

/// A focusable widget without a name, or empty: assistive technology could not tell what it is.
inline QString nameless(const QWidget& root) {
  for (const auto* widget : root.findChildren<QWidget*>()) {
    if (!widget->isVisibleTo(&root) || !(widget->focusPolicy() & Qt::TabFocus)) continue;
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    if (!widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty())) continue;
    return QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName();
  }
  return {};
}

}  // namespace aiops::test
