// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/diagnose.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

#include "analysis/odds.h"

namespace aiops::analysis {
namespace {

using model::Verdict;

constexpr double kCap = 2.2;  // log-odds one analyst can add: about 0.9 alone
constexpr double kConfirmed = 0.9;
constexpr double kLikely = 0.6;
constexpr double kUnverifiedFactor = 0.3;
constexpr double kKindUnknownFactor = 0.65;  // to know where is not yet to know what

bool sameBytes(const model::Citation& a, const model::Citation& b) {
  return a.evidence.id == b.evidence.id;
}

void addCitation(std::vector<model::Citation>& list, const model::Citation& citation) {
  if (std::ranges::none_of(list, [&](const auto& c) { return sameBytes(c, citation); }))
    list.push_back(citation);
}

bool supports(const Claim& claim, const std::string& service, const std::string& kind) {
  return claim.service == service && (claim.kind.empty() || claim.kind == kind);
}

}  // namespace

Diagnostician::Diagnostician(std::vector<std::unique_ptr<Analyst>> analysts,
                             const correlation::Topology& topology, Reread reread,
                             std::vector<std::unique_ptr<Specialist>> specialists,
                             const CalibrationBook* calibration)
    : m_analysts(std::move(analysts)),
      m_topology(topology),
      m_reread(std::move(reread)),
      m_specialists(std::move(specialists)),
      m_calibration(calibration) {}

/// In log-odds.
double Diagnostician::weightOf(const Attributed& said, const Calibration& calibration) {
  return std::clamp(calibration.reliabilityOf(said.analyst) * logit(said.claim.confidence), -kCap, kCap);
}

model::Hypothesis Diagnostician::pool(const std::string& service, const std::string& kind,
                                      const std::vector<Attributed>& claims, const Calibration& calibration) {
  model::Hypothesis out{.service = service, .kind = kind.empty() ? "unknown" : kind};
  double odds = 0;
  bool named = false, remembered = false;
  for (const auto& said : claims) {
    const auto& claim = said.claim;
    if (!supports(claim, service, kind)) continue;
    odds += weightOf(said, calibration);
    // Who only tells of the past is one voice with the others that do, and leaves the words to those who
    // look.
    if (!said.remembers || !std::exchange(remembered, true)) out.analysts.push_back(said.analyst);
    if (out.statement.empty() || (claim.kind == kind && !(named && said.remembers)))
      out.statement = claim.statement;
    named |= claim.kind == kind;
    for (const auto& citation : claim.evidence) addCitation(out.evidenceFor, citation);
    for (const auto& citation : claim.against) addCitation(out.evidenceAgainst, citation);
  }
  out.pooled = probability(odds);
  if (kind.empty()) out.pooled *= kKindUnknownFactor;
  out.confidence = calibration.told(out.pooled);
  if (kind.empty()) out.statement += "; the kind of failure is not known";
  return out;
}

void Diagnostician::judge(model::Hypothesis& hypothesis, EvidenceGate& gate) const {
  const auto verified = gate.check(hypothesis);
  if (verified == 0) {
    hypothesis.verdict = Verdict::Unverified;
    hypothesis.confidence *= kUnverifiedFactor;
    hypothesis.note = "nothing that is cited for it holds";
    return;
  }
  const bool all = verified == hypothesis.evidenceFor.size();
  if (hypothesis.confidence >= kConfirmed && hypothesis.analysts.size() >= 2 && all) {
    hypothesis.verdict = Verdict::Confirmed;
  } else {
    hypothesis.verdict = hypothesis.confidence >= kLikely ? Verdict::Likely : Verdict::Inconclusive;
  }
}

/// There is one cause: only the best hypothesis can be confirmed, and not while one about another service is
/// as sure as that.
void Diagnostician::compete(std::vector<model::Hypothesis>& hypotheses) {
  if (hypotheses.empty()) return;
  auto& best = hypotheses.front();
  for (auto& other : hypotheses | std::views::drop(1)) {
    if (other.confidence < kConfirmed || other.verdict == Verdict::Unverified) continue;
    other.verdict = Verdict::Likely;
    other.note = "another cause is surer";
    if (best.verdict != Verdict::Confirmed || other.service == best.service) continue;
    best.verdict = Verdict::Likely;
    best.note = "not confirmed: " + other.service + " is blamed almost as surely";
  }
}

void Diagnostician::addExplained(model::Diagnosis& diagnosis, const CaseFile& file,
                                 EvidenceGate& gate) const {
  if (diagnosis.hypotheses.empty()) return;
  const model::Hypothesis best = diagnosis.hypotheses.front();
  if (best.verdict != Verdict::Confirmed && best.verdict != Verdict::Likely) return;
  std::set<std::string> seen;
  for (const auto& hypothesis : diagnosis.hypotheses) seen.insert(hypothesis.service);
  for (const auto& event : file.events) {
    if (event.severity < model::Severity::Error || !seen.insert(event.service).second) continue;
    if (!m_topology.explains(best.service, event.service)) continue;
    model::Hypothesis explained{.service = event.service,
                                .kind = "software_fault",
                                .statement = event.service + " itself is at fault",
                                .confidence = (1 - best.confidence) / 2,
                                .verdict = Verdict::Rejected};
    explained.note = event.service + " depends on " + best.service + ", whose trouble explains its errors";
    for (const auto& evidence : event.evidence) {
      explained.evidenceAgainst.push_back({.evidence = evidence, .reason = "explained by " + best.service});
      break;
    }
    gate.check(explained);
    diagnosis.hypotheses.push_back(std::move(explained));
  }
}

void Diagnostician::addFindings(model::Diagnosis& diagnosis, const CaseFile& file, EvidenceGate& gate) const {
  for (const auto& specialist : m_specialists) {
    for (auto& finding : specialist->examine(file, diagnosis, m_reread)) {
      if (gate.check(finding) > 0) diagnosis.findings.push_back(std::move(finding));
    }
  }
}

std::vector<Diagnostician::Attributed> Diagnostician::claimsOf(const CaseFile& file) const {
  std::vector<Attributed> claims;
  for (const auto& analyst : m_analysts) {
    for (auto& claim : analyst->analyse(file))
      claims.push_back({analyst->name(), std::move(claim), analyst->remembers()});
  }
  return claims;
}

/// What is claimed, by service and kind. A claim without a kind is one of its own only where nobody knows
/// better.
std::set<std::pair<std::string, std::string>> Diagnostician::candidates(
    const std::vector<Attributed>& claims) {
  std::set<std::pair<std::string, std::string>> out;
  for (const auto& [analyst, claim, remembers] : claims) {
    const bool refined = claim.kind.empty() && std::ranges::any_of(claims, [&](const auto& other) {
                           return other.claim.service == claim.service && !other.claim.kind.empty();
                         });
    if (!refined) out.emplace(claim.service, claim.kind);
  }
  return out;
}

void Diagnostician::addOpinions(model::Diagnosis& diagnosis, const std::vector<Attributed>& claims,
                                const Calibration& calibration) {
  for (const auto& said : claims) {
    const auto& claim = said.claim;
    const bool agrees = !diagnosis.hypotheses.empty() && supports(claim, diagnosis.hypotheses.front().service,
                                                                  diagnosis.hypotheses.front().kind);
    diagnosis.opinions.push_back({said.analyst, claim.service, claim.kind, claim.confidence, agrees,
                                  claim.note, weightOf(said, calibration)});
  }
}

model::Diagnosis Diagnostician::diagnose(const CaseFile& file, base::TimePoint now) const {
  model::Diagnosis out{.incident = file.incident.id, .at = now};
  const bool wrong = std::ranges::any_of(
      file.events, [](const auto& event) { return event.severity >= model::Severity::Error; });
  if (!wrong) {
    out.verdict = Verdict::Healthy;
    return out;
  }
  const auto claims = claimsOf(file);
  const auto calibration = m_calibration == nullptr ? Calibration() : m_calibration->inForce();
  EvidenceGate gate(m_topology, m_reread);
  for (const auto& [service, kind] : candidates(claims)) {
    out.hypotheses.push_back(pool(service, kind, claims, calibration));
    judge(out.hypotheses.back(), gate);
  }
  std::ranges::stable_sort(out.hypotheses, std::greater(), &model::Hypothesis::confidence);
  compete(out.hypotheses);
  out.verdict = Verdict::Inconclusive;
  if (!out.hypotheses.empty()) {
    const auto best = out.hypotheses.front().verdict;
    if (best == Verdict::Confirmed || best == Verdict::Likely) out.verdict = best;
  }
  addExplained(out, file, gate);
  addOpinions(out, claims, calibration);
  addFindings(out, file, gate);
  return out;
}

model::Diagnosis Diagnostician::withOpinion(const model::Diagnosis& built,
                                            const ModelOpinion& opinion) const {
  EvidenceGate gate(m_topology, m_reread);
  return analysis::withOpinion(built, opinion, gate);
}

}  // namespace aiops::analysis
