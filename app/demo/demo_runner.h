// `demo SCENARIO`: a real failing service, and the engine at work on it, told as it happens.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// 0 the fix was validated; 1 it was undone, rejected or not decided in a minute; 2 no such scenario; 3 could
/// not run. Leaves no process, port or file outside AIOPS_HOME.
int runDemo(int argc, char** argv, const Invocation& invocation);

}  // namespace aiops::app
