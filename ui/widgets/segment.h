// One segment of a choice in a row, and toggles that look the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

#include "theme/theme.h"

namespace aiops::ui {

/// Checkable, painted. Put several side by side without a gap and into an exclusive QButtonGroup for a
/// choice; use one alone as a toggle.
class Segment final : public QAbstractButton {
  Q_OBJECT
 public:
  enum class Place { Alone, First, Middle, Last };
  Segment(const theme::Theme& theme, const QString& text, Place place = Place::Alone,
          QWidget* parent = nullptr);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  const theme::Theme& m_theme;
  Place m_place;
};

}  // namespace aiops::ui
