// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/desktop.h"

#include <QDBusMessage>
#include <QDBusVariant>

namespace aiops::theme {
namespace {

// https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html
const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kColorScheme = QStringLiteral("color-scheme"), kContrast = QStringLiteral("contrast");
constexpr int kWaitMs = 300;

/// Read() gives a variant in a variant.
uint numberIn(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value.toUInt();
}

uint read(const QDBusConnection& bus, const QString& key) {
  QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
  call << kSpace << key;
  const QDBusMessage reply = bus.call(call, QDBus::Block, kWaitMs);
  const bool answered = reply.type() == QDBusMessage::ReplyMessage && !reply.arguments().isEmpty();
  return answered ? numberIn(reply.arguments().constFirst()) : 0;
}

}  // namespace

Desktop::Desktop(const QDBusConnection& bus, QObject* parent) : QObject(parent) {
  if (!bus.isConnected()) return;
  // Listening comes first: a change between the two is not missed.
  QDBusConnection(bus).connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                               SLOT(take(QString, QString, QDBusVariant)));
  m_colorScheme = read(bus, kColorScheme);
  m_contrast = read(bus, kContrast);
}

std::optional<Scheme> Desktop::wanted() const {
  if (m_contrast == 1) return Scheme::HighContrast;
  if (m_colorScheme == 1) return Scheme::Dark;
  if (m_colorScheme == 2) return Scheme::Light;
  return std::nullopt;
}

void Desktop::take(const QString& space, const QString& key, const QDBusVariant& value) {
  if (space != kSpace || (key != kColorScheme && key != kContrast)) return;
  (key == kContrast ? m_contrast : m_colorScheme) = numberIn(value.variant());
  Q_EMIT changed();
}

}  // namespace aiops::theme
