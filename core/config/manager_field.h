// How a service of the configuration says what manages it. For the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "config/yaml_fields.h"
#include "model/inventory.h"

namespace aiops::config {

/// `manager: {systemd: UNIT}`, `manager: {docker: CONTAINER}` or `manager: commands`.
base::Result<> readManager(const Yaml& value, model::ServiceEntry& service);

/// Nothing, or what is wrong: "commands" needs restart and status among the service's commands.
std::optional<std::string> wrongManager(const model::ServiceEntry& service);

}  // namespace aiops::config
