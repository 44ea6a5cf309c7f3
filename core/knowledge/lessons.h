// What one incident that ended teaches.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/knowledge.h"
#include "model/past_incident.h"

namespace aiops::knowledge {

/// One sign of one fact. Below 0 the incident contradicts it.
struct Lesson {
  model::NodeKey source;
  model::Relation relation = model::Relation::Shows;
  model::NodeKey target;
  double weight = 0;
};

/// What a sign weighs by who says what the cause was: a person, a fix that was checked, the analysts alone.
inline constexpr double kByPerson = 1.0, kByFix = 0.7, kByDiagnosis = 0.25;
/// Of what was only seen, whoever knows the cause.
inline constexpr double kAsSeen = 0.5;

/// Follows from `past` alone, so the same incident always teaches the same. At most one lesson of each fact.
std::vector<Lesson> lessonsOf(const model::PastIncident& past);

}  // namespace aiops::knowledge
