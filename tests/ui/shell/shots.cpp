// Saves pictures of the console on an invented engine, to be looked at: console_shots DIRECTORY [PANEL].
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>

#include "shell/main_window.h"
#include "support/fake_console_data.h"
#include "support/lively_operations.h"

using namespace aiops;

namespace {

void settle(int milliseconds) {
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < milliseconds) QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

struct Shot {
  const char* name;
  ui::PanelId panel;
  const char* what;
};

void shoot(QApplication& application, theme::Scheme scheme, const QString& suffix, QSize size,
           const QDir& directory, const QString& only) {
  static constexpr Shot kShots[] = {{"overview", ui::PanelId::Overview, ""},
                                    {"logs", ui::PanelId::Logs, ""},
                                    {"investigations", ui::PanelId::Investigations, "INC-0231"},
                                    {"approval", ui::PanelId::Approvals, "FIX-0087"},
                                    {"approval-high", ui::PanelId::Approvals, "FIX-0086"},
                                    {"approval-done", ui::PanelId::Approvals, "FIX-0085"},
                                    {"keys", ui::PanelId::Logs, ""},
                                    {"learning", ui::PanelId::Learning, ""},
                                    {"knowledge", ui::PanelId::Knowledge, ""},
                                    {"knowledge-node", ui::PanelId::Knowledge, "service.web"},
                                    {"agents", ui::PanelId::Agents, "fix_executor"},
                                    {"quiet", ui::PanelId::QuietTimes, ""},
                                    {"audit", ui::PanelId::Audit, ""},
                                    {"settings", ui::PanelId::Settings, ""},
                                    {"settings-find", ui::PanelId::Settings, "execution"}};
  test::FakeOperations fake;
  test::fillConsole(fake);
  test::fillLearning(fake);
  test::fillQuietTimes(fake.fakeSilences, base::SystemClock().now());
  fake.engine.activeSilences = 2;
  fake.engine.activeMaintenance = 1;
  fake.fakeKnowledge.page = test::shopKnowledge();
  test::LivelyOperations engine(fake);
  engine.fillAudit(8412);
  theme::Theme theme(scheme);
  theme.apply(application);
  ui::MainWindow window(theme, engine, {"local operator", true, true, true});
  window.resize(size);
  window.show();
  settle(300);
  for (const Shot& shot : kShots) {
    const QString name = QString::fromLatin1(shot.name);
    if (!only.isEmpty() && !name.startsWith(only)) continue;
    window.open(shot.panel, QString::fromLatin1(shot.what));
    if (name == QLatin1String("keys")) window.toggleKeys();
    settle(900);
    window.grab().save(
        directory.filePath(QStringLiteral("%1-%2-%3.png").arg(name, suffix).arg(size.height())));
  }
}

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  const QDir directory(arguments.value(1, QStringLiteral(".")));
  const QString only = arguments.value(2);
  shoot(application, theme::Scheme::Dark, QStringLiteral("dark"), {1440, 900}, directory, only);
  if (arguments.size() > 3) return 0;
  shoot(application, theme::Scheme::Dark, QStringLiteral("dark"), {1366, 768}, directory, only);
  shoot(application, theme::Scheme::Light, QStringLiteral("light"), {1440, 900}, directory, only);
  shoot(application, theme::Scheme::HighContrast, QStringLiteral("hc"), {1440, 900}, directory, only);
  shoot(application, theme::Scheme::Dark, QStringLiteral("dark"), {1024, 640}, directory, only);
  return 0;
}
