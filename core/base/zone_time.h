// The moment at which the clocks of a zone show a time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

#include "base/time.h"
#include "base/zone.h"

namespace aiops::base {

/// Of a time that the clocks show twice, the first. A time that they leave out counts on from before the
/// change: where 02:00 becomes 03:00, 02:30 is 03:30. Asks the system's zone data. Thread safe.
TimePoint momentOf(const ZoneRule& zone, std::chrono::local_seconds local);

}  // namespace aiops::base
