// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui_host.h"

#include <QApplication>
#include <QScreen>
#include <QSettings>
#include <QSocketNotifier>
#include <cstdio>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/print.h"
#include "app/demo/demo_window.h"
#include "app/host.h"
#include "app/server_host.h"
#include "app/signals.h"
#include "shell/main_window.h"
#include "theme/theme.h"

namespace aiops::app {
namespace {

/// What the window remembers of itself; the engine has no part in it.
QString consoleFile(const Host& host) {
  return QString::fromStdString((host.home().path() / "console.ini").string());
}

constexpr auto kAppearanceKey = "appearance";

/// AIOPS_THEME for this start, else what was chosen in the window, else as the desktop.
theme::Appearance chosenAppearance(const Host& host) {
  const QString kept =
      QSettings(consoleFile(host), QSettings::IniFormat).value(QLatin1String(kAppearanceKey)).toString();
  return theme::appearanceOf(qEnvironmentVariable("AIOPS_THEME", kept));
}

/// The first run's demo keeps its state in a home of its own, inside this one.
void offerDemo(ui::MainWindow& window, std::optional<demo::DemoWindow>& demo) {
  const auto home = config::homeFromEnvironment(config::processEnvironment());
  if (!home) return;
  demo.emplace(programDirectory() / "ai-ops-core", *home / "demo-console");
  window.offerDemo([&demo] { return demo->start(); });
}

}  // namespace

int runWindow(int argc, char** argv, Host& host, const EndSignals& signals,
              const std::function<void()>& started) {
  QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
  QApplication application(argc, argv);
  application.setApplicationName(QStringLiteral("ai-ops-core"));
  application.setApplicationDisplayName(QStringLiteral("AI-Ops Core"));
  theme::Theme theme(theme::Scheme::Dark);
  theme.setAppearance(chosenAppearance(host));
  theme.apply(application);
  QObject::connect(&theme, &theme::Theme::appearanceChosen, &application, [&host](theme::Appearance chosen) {
    QSettings(consoleFile(host), QSettings::IniFormat)
        .setValue(QLatin1String(kAppearanceKey), theme::appearanceName(chosen));
  });
  if (auto begun = host.start(); !begun) return complain(begun.error());
  QSocketNotifier ended(signals.fd(), QSocketNotifier::Read);
  QObject::connect(&ended, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
  {
    std::optional<demo::DemoWindow> demo;
    ui::MainWindow window(
        theme, host.operations(),
        {.name = "local operator", .mayOperate = true, .mayApprove = true, .isAdmin = true});
    if (!started) offerDemo(window, demo);
    window.resize(QSize(1440, 900).boundedTo(QGuiApplication::primaryScreen()->availableSize()));
    window.show();
    if (started) started();
    QApplication::exec();
  }
  host.stop();
  return kDone;
}

int runGui(int argc, char** argv, const Invocation& invocation) {
  auto host = Host::prepare(loadRequest(invocation));
  if (!host) return complain(host.error());
  const EndSignals signals;
  return runWindow(argc, argv, **host, signals);
}

}  // namespace aiops::app
