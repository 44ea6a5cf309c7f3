// Numbers and times as findings tell them. Internal to analysis.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/time.h"

namespace aiops::analysis {

/// "0.25 s", "12 s", "3 min", "5 h".
std::string secondsText(double seconds);
/// "2026-11-22 20:35 UTC".
std::string minuteText(base::TimePoint time);

}  // namespace aiops::analysis
