// What the commands do when no instance runs: they take the home's lock and open its files themselves.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// The exit status. Approving and rejecting need a running instance and say so.
int runOffline(const Invocation& invocation);

}  // namespace aiops::app
