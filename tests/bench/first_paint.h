// From the start of a program to its first paint, seen from outside: by the pixels of the screen.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace aiops::bench {

/// Starts `argv` (argv[0] is an absolute path) and waits until the middle of the screen is no longer black.
/// Negative if that does not come within 20 s. Needs an X server without anything else on its screen. The
/// program is ended.
std::chrono::milliseconds firstPaint(const std::vector<std::string>& argv,
                                     const std::map<std::string, std::string>& environment);

}  // namespace aiops::bench
