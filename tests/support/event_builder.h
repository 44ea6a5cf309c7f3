// Events for tests, with times in seconds from a fixed point.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/event.h"

namespace aiops::test {

base::TimePoint at(double seconds);

/// An event of `service` with one cited line.
model::Event makeEvent(const std::string& service, const std::string& signal, double seconds,
                       model::Severity severity = model::Severity::Error);

}  // namespace aiops::test
