// The redactor of a command that runs without an instance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "security/redaction.h"

namespace aiops::app {

/// Knows the secrets that the home's settings, the environment and the home's secret file hold. Those that
/// only a key ring holds stay unknown: it would need a running event loop. What can't be read is left out in
/// silence, since such a command has to work without a home too.
security::Redactor ownRedactor();

}  // namespace aiops::app
