// --server: the engine without a window.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"
#include "config/settings.h"

namespace aiops::app {

/// The settings that an invocation asks for, over this process' environment.
config::LoadRequest loadRequest(const Invocation& invocation);

/// Runs until SIGINT or SIGTERM. The exit status.
int runServer(int argc, char** argv, const Invocation& invocation);

}  // namespace aiops::app
