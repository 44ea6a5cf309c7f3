// A scroll area in the console's look.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include "theme/theme.h"

namespace aiops::ui {

/// No frame and no ground of its own; its page is as wide as it and scrolls up and down, also by keys: the
/// focus shows as a ring around it.
class ScrollPane final : public QScrollArea {
  Q_OBJECT
 public:
  explicit ScrollPane(const theme::Theme& theme, QWidget* parent = nullptr);
  /// As setWidget(), for a page that shows what lies below it.
  void setPage(QWidget* page);

 protected:
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* m_ring;  ///< above the page
};

}  // namespace aiops::ui
