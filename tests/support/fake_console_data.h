// A lively engine for pictures and tests of the console: values that a test builds, no engine computed them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fake_operations.h"

namespace aiops::test {

/// Times relative to the real clock, since windows show time left.
base::TimePoint ago(int64_t seconds);

model::Plan consolePlan();

model::FixProposal consoleFix();

model::FixProposal decidedFix(uint64_t number, const std::string& title, model::FixState state,
                              int64_t secondsAgo);

std::vector<uint32_t> wave(int height, int phase);

void fillStatus(model::EngineStatus& engine);

/// An open incident with a decision, an older high risk one, finished fixes, outcomes, an unreadable source.
void fillConsole(FakeOperations& fake);

}  // namespace aiops::test
