// Following the desktop, with a settings portal of our own on a bus of our own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDBusConnection>
#include <QDBusVariant>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QThread>
#include <map>

#include "theme/desktop.h"

using namespace aiops;

namespace {

const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kColors = QStringLiteral("color-scheme"), kContrast = QStringLiteral("contrast");

}  // namespace

/// As much of org.freedesktop.portal.Settings as a reader of the appearance sees. Lives on a thread of its
/// own: who asks it waits for the answer.
class Portal : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
 public:
  std::map<QString, uint> values;

 public Q_SLOTS:
  QDBusVariant Read(const QString& space, const QString& key) const {
    const uint value = space == kSpace && values.contains(key) ? values.at(key) : 0;
    return QDBusVariant(QVariant::fromValue(QDBusVariant(value)));
  }

 Q_SIGNALS:
  void SettingChanged(const QString& space, const QString& key, const QDBusVariant& value);
};

class TestThemeDesktop : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void cleanupTestCase();
  void init();
  void theStartIsAsked();
  void changesAreFollowed();
  void onlyWhoFollowsTheDesktopChanges();
  void otherSettingsAreNothing();
  void withoutAPortalNothingIsAsked();
  void namesOfAppearances();

 private:
  QDBusConnection bus() const { return QDBusConnection(QStringLiteral("reader")); }
  void change(const QString& key, uint value, const QString& space = kSpace);

  QProcess m_daemon;
  QThread m_thread;
  Portal m_portal;
  QString m_address;
};

void TestThemeDesktop::initTestCase() {
  if (QStandardPaths::findExecutable(QStringLiteral("dbus-daemon")).isEmpty()) QSKIP("needs dbus-daemon");
  m_daemon.start(QStringLiteral("dbus-daemon"),
                 {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--nopidfile"),
                  QStringLiteral("--address=unix:tmpdir=/tmp"), QStringLiteral("--print-address=1")});
  QVERIFY(m_daemon.waitForReadyRead());
  m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
  auto owner = QDBusConnection::connectToBus(m_address, QStringLiteral("portal"));
  QVERIFY(QDBusConnection::connectToBus(m_address, QStringLiteral("reader")).isConnected());
  QVERIFY(owner.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), &m_portal,
                               QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
  QVERIFY(owner.registerService(QStringLiteral("org.freedesktop.portal.Desktop")));
  qRegisterMetaType<QDBusVariant>();
  m_portal.moveToThread(&m_thread);
  m_thread.start();
}

void TestThemeDesktop::cleanupTestCase() {
  if (!m_thread.isRunning()) return;
  QMetaObject::invokeMethod(
      &m_portal, [this] { m_portal.moveToThread(thread()); }, Qt::BlockingQueuedConnection);
  m_thread.quit();
  m_thread.wait();
  QDBusConnection::disconnectFromBus(QStringLiteral("reader"));
  QDBusConnection::disconnectFromBus(QStringLiteral("portal"));
  m_daemon.kill();
  m_daemon.waitForFinished();
}

void TestThemeDesktop::init() {
  QMetaObject::invokeMethod(&m_portal, [this] { m_portal.values.clear(); }, Qt::BlockingQueuedConnection);
}

void TestThemeDesktop::change(const QString& key, uint value, const QString& space) {
  QMetaObject::invokeMethod(
      &m_portal,
      [this, key, value, space] {
        if (space == kSpace) m_portal.values[key] = value;
        Q_EMIT m_portal.SettingChanged(space, key, QDBusVariant(value));
      },
      Qt::BlockingQueuedConnection);
}

void TestThemeDesktop::theStartIsAsked() {
  change(kColors, 2);
  QCOMPARE(theme::Desktop(bus()).wanted(), theme::Scheme::Light);
  change(kColors, 1);
  QCOMPARE(theme::Desktop(bus()).wanted(), theme::Scheme::Dark);
  change(kContrast, 1);
  QCOMPARE(theme::Desktop(bus()).wanted(), theme::Scheme::HighContrast);
  change(kContrast, 0);
  change(kColors, 0);
  QVERIFY(!theme::Desktop(bus()).wanted());
}

void TestThemeDesktop::changesAreFollowed() {
  theme::Theme theme(theme::Scheme::Dark);
  change(kColors, 1);
  theme.setDesktop(new theme::Desktop(bus()));
  theme.setAppearance(theme::Appearance::Desktop);
  QCOMPARE(theme.scheme(), theme::Scheme::Dark);
  QSignalSpy changed(&theme, &theme::Theme::changed);
  QSignalSpy chosen(&theme, &theme::Theme::appearanceChosen);
  change(kColors, 2);
  QTRY_COMPARE(theme.scheme(), theme::Scheme::Light);
  change(kContrast, 1);
  QTRY_COMPARE(theme.scheme(), theme::Scheme::HighContrast);
  change(kContrast, 0);
  QTRY_COMPARE(theme.scheme(), theme::Scheme::Light);
  QCOMPARE(changed.size(), 3);
  QVERIFY(chosen.isEmpty());  // nobody chose: it is not written down
}

void TestThemeDesktop::onlyWhoFollowsTheDesktopChanges() {
  theme::Theme theme(theme::Scheme::Dark);
  auto* desktop = new theme::Desktop(bus());
  theme.setDesktop(desktop);
  theme.setAppearance(theme::Appearance::Dark);
  QSignalSpy heard(desktop, &theme::Desktop::changed);
  change(kColors, 2);
  QTRY_COMPARE(heard.size(), 1);
  QCOMPARE(theme.scheme(), theme::Scheme::Dark);
  theme.setAppearance(theme::Appearance::Desktop);
  QCOMPARE(theme.scheme(), theme::Scheme::Light);
}

void TestThemeDesktop::otherSettingsAreNothing() {
  theme::Desktop desktop(bus());
  QSignalSpy heard(&desktop, &theme::Desktop::changed);
  change(kColors, 2, QStringLiteral("org.gnome.desktop.interface"));
  change(QStringLiteral("accent-color"), 2);
  change(kColors, 1);
  QTRY_COMPARE(heard.size(), 1);
  QCOMPARE(desktop.wanted(), theme::Scheme::Dark);
}

void TestThemeDesktop::withoutAPortalNothingIsAsked() {
  QVERIFY(!theme::Desktop(QDBusConnection(QStringLiteral("no such bus"))).wanted());
}

void TestThemeDesktop::namesOfAppearances() {
  using theme::Appearance;
  for (const auto appearance :
       {Appearance::Desktop, Appearance::Dark, Appearance::Light, Appearance::HighContrast}) {
    QCOMPARE(theme::appearanceOf(theme::appearanceName(appearance)), appearance);
  }
  QCOMPARE(theme::appearanceOf(QStringLiteral("high-contrast")), Appearance::HighContrast);
  QCOMPARE(theme::appearanceOf(QStringLiteral("plaid")), Appearance::Desktop);
}

QTEST_MAIN(TestThemeDesktop)
#include "tst_theme_desktop.moc"
