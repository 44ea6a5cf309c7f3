// The icons: 16x16 outlines from resources, tinted with one token.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPixmap>
#include <QRectF>
#include <QString>

#include "theme/theme.h"

class QPainter;

namespace aiops::theme {

/// One icon by the name of its file in resources/icons ("approvals"). Cheap to copy. An unknown name draws
/// nothing. Pixmaps are kept in QPixmapCache per name, colour, size and scale. UI thread only.
class Icon {
 public:
  Icon() = default;
  explicit Icon(QString name) : m_name(std::move(name)) {}

  bool isNull() const { return m_name.isEmpty(); }
  QPixmap pixmap(const QColor& colour, int size = 16, qreal devicePixelRatio = 1) const;
  /// Centred in `box`, drawn `size` logical px wide.
  void paint(QPainter& painter, const QRectF& box, const QColor& colour, int size = 16) const;
  /// For buttons and actions: normal in `colour`, disabled in text-3.
  QIcon icon(const Theme& theme, Token token) const;

 private:
  QString m_name;
};

}  // namespace aiops::theme
