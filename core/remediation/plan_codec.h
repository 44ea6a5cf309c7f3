// A plan as bytes: what is approved, stored and sent is its one canonical form.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/fix.h"

namespace aiops::remediation {

/// Largest plan in canonical bytes.
inline constexpr size_t kMaxPlanBytes = 3u << 20;

/// The plan of which `bytes` are the canonical form; InvalidInput for any other bytes. So that what was
/// hashed and what runs can't differ in something that parsing forgives.
base::Result<model::Plan> parsePlan(std::string_view bytes);

/// True when brackets nest deeper than `limit`: checked before a tree is built (deep trees overflow the
/// stack).
bool nestsDeeperThan(std::string_view json, int limit);

/// The order in which steps [0, count) are undone: last first, those with a deferred inverse after all
/// others.
std::vector<int> undoOrder(const model::Plan& plan, size_t count);

}  // namespace aiops::remediation
