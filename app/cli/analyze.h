// `ai-ops-core analyze`: the engine over log files, printed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// The answer goes to standard output, timing and problems to standard error. Returns the exit status.
int runAnalyze(const Invocation& invocation);

}  // namespace aiops::app
