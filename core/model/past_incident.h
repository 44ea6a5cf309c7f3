// What is remembered of an incident that has ended: what it looked like, and what turned out to be its cause.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/incident.h"

namespace aiops::model {

/// By what incidents are alike. A term counts by how rare it is among all that are remembered.
struct IncidentTerms {
  std::vector<std::string> services;
  std::vector<std::string> signals;  ///< of the patterns that fired
  std::vector<std::string> places;   ///< "web/memory_exhausted": which signal in which service
  std::map<std::string, int> words;  ///< constant words of the cited lines, with how many lines have them
};

/// Who says what the cause was; the later ones weigh more.
enum class CauseBasis : uint8_t {
  Diagnosis,  ///< nobody but the analysts themselves: nothing may be learnt from it
  Fix,        ///< a fix for that kind of cause was checked and worked
  Person,
};
std::string_view toString(CauseBasis basis);

/// A playbook that ran, and how that ended: "worked", "undone" or "failed".
struct TriedFix {
  std::string playbook;
  std::string result;
};

struct PastIncident {
  IncidentId incident;
  uint64_t number = 0;
  std::string title;
  base::TimePoint startedAt;
  base::TimePoint endedAt;
  std::string service;  ///< what turned out to be the cause; empty: it is not known
  std::string kind;
  CauseBasis basis = CauseBasis::Diagnosis;
  std::string by;      ///< the person
  std::string fix;     ///< the playbook that worked, or was tried last; or empty
  std::string result;  ///< "worked", "undone", "failed", or empty
  IncidentTerms terms;
  std::vector<TriedFix> tried;  ///< all fixes that ran, the oldest first
  std::string wrongService;     ///< what the analysts had found, where a person says otherwise
  std::string wrongKind;
};

/// The oldest leave for more.
inline constexpr size_t kMostPastIncidents = 20'000;

/// A past incident and how alike another one is, 0 to 1.
struct SimilarIncident {
  PastIncident past;
  double similarity = 0;
};

void to_json(nlohmann::json& json, const PastIncident& value);
void from_json(const nlohmann::json& json, PastIncident& value);

}  // namespace aiops::model
