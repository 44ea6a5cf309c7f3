// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui_host.h"

#include <QApplication>
#include <QSocketNotifier>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/print.h"
#include "app/host.h"
#include "app/server_host.h"
#include "app/signals.h"
#include "shell/main_window.h"
#include "theme/theme.h"

namespace aiops::app {
namespace {

theme::Scheme chosenScheme() {
  const auto wanted = qEnvironmentVariable("AIOPS_THEME");
  if (wanted == QLatin1String("dark")) return theme::Scheme::Dark;
  if (wanted == QLatin1String("light")) return theme::Scheme::Light;
  if (wanted == QLatin1String("contrast")) return theme::Scheme::HighContrast;
  return theme::Theme::desktopScheme();
}

}  // namespace

int runWindow(int argc, char** argv, Host& host, const EndSignals& signals,
              const std::function<void()>& started) {
  QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
  QApplication application(argc, argv);
  application.setApplicationName(QStringLiteral("ai-ops-core"));
  application.setApplicationDisplayName(QStringLiteral("AI-Ops Core"));
  theme::Theme theme(chosenScheme());
  theme.apply(application);
  if (auto begun = host.start(); !begun) return complain(begun.error());
  for (const auto& problem : host.engine().loadProblems()) {
    std::fprintf(stderr, "ai-ops-core: left out: %s\n", safe(problem).c_str());
  }
  QSocketNotifier ended(signals.fd(), QSocketNotifier::Read);
  QObject::connect(&ended, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
  {
    ui::MainWindow window(
        theme, host.operations(),
        {.name = "local operator", .mayOperate = true, .mayApprove = true, .isAdmin = true});
    window.resize(1440, 900);
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
