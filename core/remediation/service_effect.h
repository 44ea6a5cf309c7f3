// Whether a step, or its undo, had its effect: told from what can be seen afterwards.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "model/service_unit.h"

namespace aiops::remediation {

enum class StepEffect : uint8_t {
  Applied,
  NotApplied,
  Broken,  ///< it was begun, and what it was to bring about is not so
  Unknown,
};

/// What the unit's state says about `verb`, which may have begun at `before`. Pure. Unknown where the manager
/// gives a running instance no identity.
StepEffect judgeVerb(const std::string& verb, const model::UnitState& before, const model::UnitState& now);

/// A start of what is active, or a stop of what is not, has nothing to do.
bool alreadySo(const std::string& verb, const model::UnitState& now);

}  // namespace aiops::remediation
