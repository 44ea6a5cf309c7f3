// The window around the engine. The only part of the program that knows ui/shell.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "app/cli/arguments.h"

namespace aiops::app {

class Host;
class EndSignals;

/// The console with the engine inside. The exit status.
int runGui(int argc, char** argv, const Invocation& invocation);

/// Shows the window on an engine that `host` has prepared but not started. `started` runs on the UI thread
/// once the engine runs; a failure to start is printed.
int runWindow(int argc, char** argv, Host& host, const EndSignals& signals,
              const std::function<void()>& started = {});

}  // namespace aiops::app
