// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/lessons.h"

#include <map>
#include <string>
#include <string_view>

namespace aiops::knowledge {
namespace {

using model::NodeType;
using model::PastIncident;
using model::Relation;

constexpr std::string_view kWorked = "worked";
constexpr std::string_view kUnknown = "unknown";  // where it failed is known, how is not

bool isKnown(const std::string& service, const std::string& kind) {
  return !service.empty() && !kind.empty() && kind != kUnknown;
}

double weightOf(model::CauseBasis basis) {
  switch (basis) {
    case model::CauseBasis::Person:
      return kByPerson;
    case model::CauseBasis::Fix:
      return kByFix;
    case model::CauseBasis::Diagnosis:
      break;
  }
  return kByDiagnosis;
}

/// A place is "web/memory_exhausted"; a signal has no slash, the name of a service may.
std::pair<std::string, std::string> split(const std::string& place) {
  const auto slash = place.rfind('/');
  if (slash == std::string::npos) return {};
  return {place.substr(0, slash), place.substr(slash + 1)};
}

/// The last try of each playbook: what failed first and worked in the end worked.
std::map<std::string, std::string> resultsOf(const PastIncident& past) {
  std::map<std::string, std::string> out;
  for (const auto& tried : past.tried) out[tried.playbook] = tried.result;
  if (past.tried.empty() && !past.fix.empty()) out[past.fix] = past.result;  // remembered by older versions
  return out;
}

void addSeen(const PastIncident& past, std::vector<Lesson>& out) {
  for (const auto& place : past.terms.places) {
    const auto [service, signal] = split(place);
    if (service.empty() || signal.empty()) continue;
    out.push_back({{NodeType::Service, service}, Relation::Shows, {NodeType::Template, signal}, kAsSeen});
  }
}

void addCause(const PastIncident& past, std::vector<Lesson>& out) {
  const model::NodeKey service{NodeType::Service, past.service}, cause{NodeType::Cause, past.kind};
  const double weight = weightOf(past.basis);
  out.push_back({service, Relation::FailedBy, cause, weight});
  for (const auto& place : past.terms.places) {
    const auto [where, signal] = split(place);
    // What other services show is the effect of it, not its sign.
    if (where == past.service && !signal.empty())
      out.push_back({{NodeType::Template, signal}, Relation::SignOf, cause, weight});
  }
  for (const auto& other : past.terms.services) {
    if (other != past.service && !other.empty())
      out.push_back({service, Relation::Affects, {NodeType::Service, other}, weight});
  }
}

void addFixes(const PastIncident& past, std::vector<Lesson>& out) {
  for (const auto& [playbook, result] : resultsOf(past)) {
    if (playbook.empty() || result.empty()) continue;
    const model::NodeKey fix{NodeType::Fix, playbook};
    if (isKnown(past.service, past.kind)) {
      // That it worked was checked, whoever named the cause.
      out.push_back(
          {{NodeType::Cause, past.kind}, Relation::CuredBy, fix, result == kWorked ? kByPerson : -kByPerson});
    }
    out.push_back({fix, Relation::LedTo, {NodeType::Outcome, result}, kByPerson});
  }
}

}  // namespace

std::vector<Lesson> lessonsOf(const PastIncident& past) {
  std::vector<Lesson> out;
  addSeen(past, out);
  if (isKnown(past.service, past.kind)) addCause(past, out);
  addFixes(past, out);
  if (isKnown(past.wrongService, past.wrongKind)) {
    out.push_back({{NodeType::Service, past.wrongService},
                   Relation::FailedBy,
                   {NodeType::Cause, past.wrongKind},
                   -kByPerson});
  }
  return out;
}

}  // namespace aiops::knowledge
