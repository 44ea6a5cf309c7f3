// Operations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "service/operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` must outlive the result. Questions are answered on one worker thread of its own, in order; stop
/// is not queued behind them.
std::unique_ptr<Operations> makeEngineOperations(agents::Engine& engine);

}  // namespace aiops::service
