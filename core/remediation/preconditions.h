// What a playbook wants to hold before a plan is made, and again when it is tried.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/inventory.h"
#include "remediation/config_file.h"
#include "remediation/parameters.h"
#include "remediation/playbook.h"

namespace aiops::remediation {

struct PreconditionWorld {
  const model::ServiceEntry& target;
  const ParameterValues* parameters;  ///< null: conditions on their values are left out
  const std::function<base::Result<FileSnapshot>(const std::string& path)>& readFile;
};

/// NotFound or InvalidInput says what is missing.
base::Result<> checkPrecondition(const Precondition& condition, const PreconditionWorld& world);

/// The condition in words: "service has a command 'restart'".
std::string wordsOf(const Precondition& condition);

}  // namespace aiops::remediation
