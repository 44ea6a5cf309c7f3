// Reads who depends on whom from a JSON file:
//   {"services": {"front": ["web"], "web": ["db"], "db": []}, "external": ["mailer"]}
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "correlation/topology.h"

namespace aiops::correlation {

/// InvalidInput says what is wrong and where. `file` is for messages. Names that are only depended on are
/// services too.
base::Result<Topology> parseTopology(std::string_view json, const std::string& file);

}  // namespace aiops::correlation
