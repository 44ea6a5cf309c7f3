// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server_host.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/host.h"
#include "app/signals.h"
#include "config/checks.h"

namespace aiops::app {

config::LoadRequest loadRequest(const Invocation& invocation) {
  config::LoadRequest request{.environment = config::processEnvironment(), .watch = invocation.watch};
  for (auto& path : request.watch) {
    if (config::isStream(path)) continue;
    path = std::filesystem::absolute(path).lexically_normal().string();
    if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  }
  if (!invocation.configFile.empty()) request.configFile = invocation.configFile;
  if (!invocation.listen.empty()) request.listen = invocation.listen;
  request.assigned = invocation.assigned;
  std::error_code error;
  request.workingDirectory = std::filesystem::current_path(error);
  return request;
}

int runServer(int argc, char** argv, const Invocation& invocation) {
  auto host = Host::prepare(loadRequest(invocation));
  if (!host) return complain(host.error());
  const EndSignals signals;
  QCoreApplication application(argc, argv);
  if (auto started = (*host)->start(); !started) return complain(started.error());
  std::printf("ai-ops-core %s: ready on %s, home %s, %zu sources\n", AIOPS_VERSION, (*host)->url().c_str(),
              (*host)->settings().home.c_str(), (*host)->settings().sources.size());
  std::fflush(stdout);
  QSocketNotifier ended(signals.fd(), QSocketNotifier::Read);
  QObject::connect(&ended, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
  QCoreApplication::exec();
  (*host)->stop();
  return kDone;
}

}  // namespace aiops::app
