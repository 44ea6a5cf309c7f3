// Puts together what is known about one incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "service/operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// NotFound for an id that does not exist.
base::Result<Investigation> investigationView(agents::Engine& engine, const std::string& id);

}  // namespace aiops::service
