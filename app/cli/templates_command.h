// `templates FILE`: the templates behind a file's lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// One row a physical line, with the template that it has once all lines are read.
int runTemplates(const Invocation& invocation);

}  // namespace aiops::app
