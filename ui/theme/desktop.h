// What the desktop asks for: dark, light or high contrast, at the start and whenever it changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <optional>

#include "theme/theme.h"

class QDBusVariant;

namespace aiops::theme {

/// Reads org.freedesktop.appearance of the settings portal on `bus` once, waiting 300 ms a value at the most,
/// then follows the portal's SettingChanged. Without a bus or a portal nothing is asked for. Owned by the
/// theme; UI thread only.
class Desktop final : public QObject {
  Q_OBJECT
 public:
  explicit Desktop(const QDBusConnection& bus, QObject* parent = nullptr);

  /// Nothing when the desktop has no preference.
  std::optional<Scheme> wanted() const;

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void take(const QString& space, const QString& key, const QDBusVariant& value);

 private:
  /// Values of the portal; 0 is "no preference".
  uint m_colorScheme = 0;
  uint m_contrast = 0;
};

}  // namespace aiops::theme
