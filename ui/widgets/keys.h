// Keys of a page: binding them, and going from one part of it to the next.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <functional>
#include <vector>

class QWidget;

namespace aiops::ui {

/// Runs `action` while the focus is in `where` or in something in it. A text field that has the focus keeps
/// the keys that it understands. Ends with `where`.
void bindKey(QWidget* where, const QKeySequence& keys, std::function<void()> action);

/// F6 and Shift+F6 go round the parts of a page, past those that can't take the focus now. A part is what
/// takes the focus, or a container: then its focus proxy or the first thing in it does. At least one; all of
/// them are children of `where`.
void bindPanes(QWidget* where, std::vector<QWidget*> panes);

}  // namespace aiops::ui
