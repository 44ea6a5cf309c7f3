// `ai-ops-core knowledge ...`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// The exit status. Asks the running instance. An import is negative when nothing of the file was taken.
int runKnowledge(const Invocation& invocation);

}  // namespace aiops::app
