// Units that are managed by running commands: docker's command line, or a supervisor's.
//
// docker: `docker restart -- NAME`; the state comes from `docker inspect`, the instance from its start time.
// commands: the inventory's `start`, `stop`, `restart`, `reload`; `status` exits 0 (active), 1 or 3 (not),
// else it can't be told; `identity`, if there is one, prints a line that changes with every start (a pid and
// its start time). SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remediation/service_manager.h"

namespace aiops::remediation {

inline const std::string kDockerStateFormat = "{{.RestartCount}} {{json .State}}";

std::unique_ptr<ServiceManager> makeCommandManager(const model::ServiceAction& action,
                                                   const model::ExecutionPolicy& policy,
                                                   std::function<void()> waiting);

/// What `docker inspect` with kDockerStateFormat prints.
base::Result<model::UnitState> parseDockerState(const std::string& name, const std::string& output);

}  // namespace aiops::remediation
