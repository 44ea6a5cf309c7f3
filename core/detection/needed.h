// Short expressions that a long one can't do without. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace aiops::detection {

/// RE2 expressions of which at least one matches in every text that `expression` matches; short, and as
/// rarely found elsewhere as can be had. They say where to look for an expression that would be dear to look
/// for itself. Empty when there are none such, or when it can't be told. Done once for each pattern.
std::vector<std::string> neededExpressions(const std::string& expression);

}  // namespace aiops::detection
