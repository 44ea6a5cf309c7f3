// `ai-ops-core settings` and `ai-ops-core secret`: what is set, by what, and secrets without showing them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// The exit status. Asks the running instance of this home, or of --url; without one it loads the same files
/// and variables that an instance started here would.
int runSettings(const Invocation& invocation);

/// set, list, remove. A new secret comes from standard input. With a running instance, that one takes it, so
/// that it counts at once.
int runSecret(const Invocation& invocation);

}  // namespace aiops::app
