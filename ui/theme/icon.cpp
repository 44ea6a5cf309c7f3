// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/icon.h"

#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <cmath>

namespace aiops::theme {
namespace {

QPixmap render(const QString& name, const QColor& colour, int pixels) {
  QPixmap pixmap(pixels, pixels);
  pixmap.fill(Qt::transparent);
  QSvgRenderer renderer(QStringLiteral(":/icons/%1.svg").arg(name));
  if (!renderer.isValid()) return pixmap;
  QPainter painter(&pixmap);
  renderer.render(&painter);
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
  painter.fillRect(pixmap.rect(), colour);
  return pixmap;
}

}  // namespace

QPixmap Icon::pixmap(const QColor& colour, int size, qreal devicePixelRatio) const {
  const int pixels = static_cast<int>(std::lround(size * devicePixelRatio));
  if (m_name.isEmpty() || pixels <= 0) return {};
  const QString key = QStringLiteral("aiops-icon/%1/%2/%3").arg(m_name).arg(colour.rgba()).arg(pixels);
  QPixmap pixmap;
  if (!QPixmapCache::find(key, &pixmap)) {
    pixmap = render(m_name, colour, pixels);
    QPixmapCache::insert(key, pixmap);
  }
  pixmap.setDevicePixelRatio(devicePixelRatio);
  return pixmap;
}

void Icon::paint(QPainter& painter, const QRectF& box, const QColor& colour, int size) const {
  const QPixmap image = pixmap(colour, size, painter.device()->devicePixelRatioF());
  if (image.isNull()) return;
  const QPointF corner(std::round(box.center().x() - size / 2.0), std::round(box.center().y() - size / 2.0));
  painter.drawPixmap(corner, image);
}

QIcon Icon::icon(const Theme& theme, Token token) const {
  QIcon result;
  for (const qreal scale : {1.0, 2.0}) {
    result.addPixmap(pixmap(theme.color(token), 16, scale), QIcon::Normal);
    result.addPixmap(pixmap(theme.color(Token::Text3), 16, scale), QIcon::Disabled);
  }
  return result;
}

}  // namespace aiops::theme
