// What manages a service: three forms, everything else is named with its line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "config/settings.h"

using namespace aiops;

namespace {

base::Result<config::Settings> load(const std::string& serviceLines) {
  const QTemporaryDir directory;
  const std::string file = directory.path().toStdString() + "/config.yaml";
  std::ofstream(file) << "services:\n  - name: web\n"
                      << serviceLines << "execution:\n  allowed_commands: [/usr/bin/webctl]\n";
  return config::loadSettings({.configFile = file, .environment = {{"HOME", "/home/me"}}});
}

}  // namespace

class TestManager : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void threeForms() {
    const auto systemd = load("    manager: {systemd: web@1.service}\n    writable: [/var/log/web]\n");
    QVERIFY2(systemd.has_value(), systemd ? "" : systemd.error().line().c_str());
    const auto& web = systemd->inventory.services[0];
    QCOMPARE(web.manager, std::string("systemd"));
    QCOMPARE(web.unit, std::string("web@1.service"));
    QCOMPARE(web.writablePaths, std::vector<std::string>{"/var/log/web"});
    QCOMPARE(load("    manager: {docker: shop_web-1}\n")->inventory.services[0].unit,
             std::string("shop_web-1"));
    const auto commands = load(
        "    manager: commands\n    commands: {restart: [/usr/bin/webctl, restart], status: "
        "[/usr/bin/webctl, status]}\n");
    QCOMPARE(commands->inventory.services[0].manager, std::string("commands"));
  }

  void anythingElseIsRefused_data() {
    QTest::addColumn<QString>("line");
    for (const char* line :
         {"manager: upstart", "manager: {systemd: web}", "manager: {systemd: -web.service}",
          "manager: {systemd: \"a b.service\"}", "manager: {docker: -f}", "manager: {docker: \"\"}",
          "manager: {podman: web}", "manager: {systemd: a.service, docker: b}", "manager: [systemd]",
          "manager: commands", "writable: [logs]", "writable: [/var/../etc]"})
      QTest::newRow(line) << QString::fromLatin1(line);
  }
  void anythingElseIsRefused() {
    QFETCH(QString, line);
    const auto settings = load("    " + line.toStdString() + "\n");
    QVERIFY(!settings);
    QVERIFY2(settings.error().where.find("config.yaml:") != std::string::npos,
             settings.error().line().c_str());
  }
};

QTEST_GUILESS_MAIN(TestManager)
#include "tst_config_manager.moc"
