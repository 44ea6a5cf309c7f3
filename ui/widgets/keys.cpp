// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/keys.h"

#include <QApplication>
#include <QShortcut>
#include <QWidget>
#include <algorithm>

namespace aiops::ui {
namespace {

bool takesFocus(const QWidget* widget) {
  return widget->isVisible() && widget->isEnabled() && widget->focusPolicy() != Qt::NoFocus;
}

/// What gets the focus when one goes to `pane`, or nullptr.
QWidget* entryOf(QWidget* pane) {
  if (takesFocus(pane)) return pane;
  if (pane->focusProxy() != nullptr && takesFocus(pane->focusProxy())) return pane->focusProxy();
  for (QWidget* next = pane->nextInFocusChain(); next != pane; next = next->nextInFocusChain()) {
    if (pane->isAncestorOf(next) && takesFocus(next)) return next;
  }
  return nullptr;
}

void toPane(const std::vector<QWidget*>& panes, size_t step) {
  const QWidget* focused = QApplication::focusWidget();
  const auto now = std::find_if(panes.begin(), panes.end(), [focused](const QWidget* pane) {
    return pane == focused || pane->isAncestorOf(focused);
  });
  const size_t count = panes.size();
  // From outside all panes the way forward begins with the first.
  auto at = now == panes.end() ? (step == 1 ? count - 1 : 0) : static_cast<size_t>(now - panes.begin());
  for (size_t i = 0; i < count; ++i) {
    at = (at + step) % count;
    if (QWidget* entry = entryOf(panes[at])) return entry->setFocus(Qt::OtherFocusReason);
  }
}

}  // namespace

void bindKey(QWidget* where, const QKeySequence& keys, std::function<void()> action) {
  auto* shortcut = new QShortcut(keys, where, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
  QObject::connect(shortcut, &QShortcut::activated, where, std::move(action));
}

void bindPanes(QWidget* where, std::vector<QWidget*> panes) {
  const size_t back = panes.size() - 1;
  bindKey(where, Qt::Key_F6, [panes] { toPane(panes, 1); });
  bindKey(where, QKeySequence(Qt::SHIFT | Qt::Key_F6), [panes, back] { toPane(panes, back); });
}

}  // namespace aiops::ui
