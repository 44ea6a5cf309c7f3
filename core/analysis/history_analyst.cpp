// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/history_analyst.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/case_view.h"
#include "model/labels.h"

namespace aiops::analysis {
namespace {

constexpr size_t kMost = 10;
constexpr double kLeast = 0.35;  // less alike than that tells nothing
constexpr double kPerson = 0.9;  // how often what is said is so
constexpr double kFix = 0.75;    // a restart helps against much
constexpr double kSpan = 0.45;   // from even odds to the most that likeness tells
constexpr size_t kCited = 3;

struct Case {
  double doubt = 1;  ///< that none of them tells something
  const model::SimilarIncident* best = nullptr;
  size_t count = 0;
};

double belief(const model::SimilarIncident& similar) {
  return similar.similarity * (similar.past.basis == model::CauseBasis::Person ? kPerson : kFix);
}

std::string whoSays(const model::PastIncident& past) {
  return past.basis == model::CauseBasis::Person ? "as " + past.by + " said"
                                                 : "as the fix " + past.fix + " proved";
}

/// The lines of this incident that the past one had as well, or else its first ones.
void citeCommon(const CaseFile& file, const model::PastIncident& past, Claim& claim) {
  const std::set<std::string> places(past.terms.places.begin(), past.terms.places.end());
  const auto reason = "as in " + model::incidentLabel(past.number);
  size_t cited = 0;
  for (const bool common : {true, false}) {
    for (const auto& event : file.events) {
      if (cited >= kCited || event.severity < model::Severity::Warning) continue;
      const auto& signal = event.signal.empty() ? event.patternId : event.signal;
      if (places.contains(event.service + "/" + signal) != common) continue;
      cite(claim.evidence, event, 1, common ? reason : "of the incident that is compared");
      ++cited;
    }
    if (cited > 0) return;
  }
}

}  // namespace

std::vector<Claim> HistoryAnalyst::analyse(const CaseFile& file) const {
  const auto alike = m_memory.similar(knowledge::termsOf(file.events), file.incident.id, kMost, kLeast);
  std::set<std::string> here;
  for (const auto& event : file.events) here.insert(event.service);
  for (const auto& [event, services] : file.blame) here.insert(services.begin(), services.end());

  std::map<std::pair<std::string, std::string>, Case> cases;
  for (const auto& similar : alike) {
    const auto& past = similar.past;
    if (past.basis == model::CauseBasis::Diagnosis || past.kind.empty() || !here.contains(past.service))
      continue;
    auto& one = cases[{past.service, past.kind}];
    one.doubt *= 1 - belief(similar);
    if (one.best == nullptr) one.best = &similar;
    ++one.count;
  }
  std::vector<Claim> claims;
  for (const auto& [cause, one] : cases) {
    double others = 0;
    for (const auto& [other, rival] : cases) {
      if (other != cause) others = std::max(others, 1 - rival.doubt);
    }
    const auto& past = one.best->past;
    const auto percent = std::to_string(std::lround(one.best->similarity * 100)) + " %";
    Claim claim{.service = cause.first,
                .kind = cause.second,
                .statement = cause.first + " failed as it did in " + model::incidentLabel(past.number),
                .confidence = std::clamp(0.5 + kSpan * ((1 - one.doubt) - others), 0.1, 0.95)};
    claim.note = model::incidentLabel(past.number) + " is " + percent + " alike, " + whoSays(past);
    if (one.count > 1) claim.note += "; so were " + std::to_string(one.count - 1) + " more";
    citeCommon(file, past, claim);
    claims.push_back(std::move(claim));
  }
  return claims;
}

}  // namespace aiops::analysis
