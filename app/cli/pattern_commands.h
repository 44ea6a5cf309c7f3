// `ai-ops-core patterns ...`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// The exit status. `test` reads files itself; everything else asks the running instance. `test` is negative
/// when a document is broken or judges its samples wrongly.
int runPatterns(const Invocation& invocation);

}  // namespace aiops::app
