// Log lines that look like those of real services, made from a seed, and hostile strings.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/log_line.h"

namespace aiops::test {

/// 2026-11-22T20:33:24Z plus milliseconds.
base::TimePoint logTime(int64_t ms);

model::LogLine logLine(uint64_t sequence, const std::string& service, model::Severity severity,
                       const std::string& message);

/// Lines [first, first + count): mostly info, one in 20 a warning, one in 25 an error, of five services.
model::LogSlice generatedLines(uint64_t first, size_t count, uint32_t seed = 1);

/// `count` strings that would deceive, break or colour a careless view. Each contains at least one character
/// that must not reach a widget as it is.
std::vector<std::string> hostileStrings(size_t count, uint32_t seed = 7);

}  // namespace aiops::test
