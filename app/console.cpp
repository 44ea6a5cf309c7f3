// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "app/server_host.h"

#ifdef AIOPS_HAS_GUI
#include "app/gui_host.h"
#endif

namespace aiops::app {

bool hasDisplay() {
#ifdef AIOPS_HAS_GUI
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
#endif
  return false;
}

int runConsole(int argc, char** argv, const Invocation& invocation) {
#ifdef AIOPS_HAS_GUI
  if (hasDisplay()) return runGui(argc, argv, invocation);
  std::fputs("ai-ops-core: no display here, running as --server\n", stderr);
#else
  std::fputs("ai-ops-core: built without the console, running as --server\n", stderr);
#endif
  return runServer(argc, argv, invocation);
}

}  // namespace aiops::app
