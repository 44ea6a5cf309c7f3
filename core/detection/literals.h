// Texts that an expression can't do without. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace aiops::detection {

/// Texts of which at least one, in letters of any case, stands in every text that the RE2 expression matches;
/// as few and as long as can be found. Empty when there are none such, or when it can't be told. They say
/// where to look for a long expression that would be dear to look for itself. Done once for each pattern.
std::vector<std::string> neededLiterals(const std::string& expression);

}  // namespace aiops::detection
