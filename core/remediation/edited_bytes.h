// What a config_edit step makes of a file's bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "remediation/parameters.h"
#include "remediation/playbook.h"

namespace aiops::remediation {

/// The bytes after the edit; everything else of them as before.
base::Result<std::string> editedBytes(const PlaybookStep& step, const ParameterValues& parameters,
                                      const std::string& before);

}  // namespace aiops::remediation
