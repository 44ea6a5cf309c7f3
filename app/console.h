// The console, or what stands in for it where there is no display.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// True when a window can be opened here.
bool hasDisplay();

/// The console with the engine inside; without a display it says so and runs the server.
int runConsole(int argc, char** argv, const Invocation& invocation);

}  // namespace aiops::app
