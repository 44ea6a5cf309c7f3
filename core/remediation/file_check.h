// A tool's own checker (`nginx -t -c {file}`) on a new configuration file, before it counts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/inventory.h"
#include "model/plan.h"

namespace aiops::remediation {

/// Runs `check`, confined, with `{file}` replaced by `newFile`. Conflict with the checker's words when it
/// exits with another status than 0. `cancelled` is asked at least every 50 ms; true ends it. Only in the
/// executor.
base::Result<> checkNewFile(const model::CommandSpec& check, const std::string& newFile,
                            const model::ExecutionPolicy& policy, const std::function<bool()>& cancelled);

}  // namespace aiops::remediation
