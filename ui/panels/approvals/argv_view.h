// An argument vector: one box per element, nothing hidden.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "widgets/painted.h"

namespace aiops::ui {

/// Boxes flow over as many rows as needed; an element wider than the view is broken inside its box.
class ArgvView : public Painted {
  Q_OBJECT
 public:
  ArgvView(const theme::Theme& theme, const std::vector<std::string>& argv, QWidget* parent = nullptr);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override { return {300, heightForWidth(std::max(300, width()))}; }
  QSize minimumSizeHint() const override { return {120, 26}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  /// Nested layouts do not always ask for the height of a width: claim it, so that nothing is cut.
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Box {
    QRectF rect;
    QStringList pieces;
  };
  std::vector<Box> boxes(int width) const;

  QStringList m_arguments;
};

}  // namespace aiops::ui
