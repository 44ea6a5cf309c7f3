// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/diagnose.h"

#include <algorithm>
#include <set>

#include "analysis/odds.h"

namespace aiops::analysis {
namespace {

using model::Verdict;

constexpr double kReliability = 0.85;  // of every analyst, until outcomes have taught better
constexpr double kCap = 2.2;           // log-odds one analyst can add: about 0.9 alone
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
                             const correlation::Topology& topology, Reread reread)
    : m_analysts(std::move(analysts)), m_topology(topology), m_reread(std::move(reread)) {}

model::Hypothesis Diagnostician::pool(const std::string& service, const std::string& kind,
                                      const std::vector<Attributed>& claims) const {
  model::Hypothesis out{.service = service, .kind = kind.empty() ? "unknown" : kind};
  double odds = 0;
  for (const auto& [analyst, claim] : claims) {
    if (!supports(claim, service, kind)) continue;
    odds += std::clamp(kReliability * logit(claim.confidence), -kCap, kCap);
    out.analysts.push_back(analyst);
    if (out.statement.empty() || claim.kind == kind) out.statement = claim.statement;
    for (const auto& citation : claim.evidence) addCitation(out.evidenceFor, citation);
    for (const auto& citation : claim.against) addCitation(out.evidenceAgainst, citation);
  }
  out.confidence = probability(odds);
  if (kind.empty()) out.confidence *= kKindUnknownFactor;
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

model::Diagnosis Diagnostician::diagnose(const CaseFile& file, base::TimePoint now) const {
  model::Diagnosis out{.incident = file.incident.id, .at = now};
  const bool wrong = std::ranges::any_of(
      file.events, [](const auto& event) { return event.severity >= model::Severity::Error; });
  if (!wrong) {
    out.verdict = Verdict::Healthy;
    return out;
  }
  std::vector<Attributed> claims;
  for (const auto& analyst : m_analysts) {
    for (auto& claim : analyst->analyse(file)) claims.push_back({analyst->name(), std::move(claim)});
  }
  std::set<std::pair<std::string, std::string>> candidates;
  for (const auto& [analyst, claim] : claims) {
    const bool refined = claim.kind.empty() && std::ranges::any_of(claims, [&](const auto& other) {
                           return other.claim.service == claim.service && !other.claim.kind.empty();
                         });
    if (!refined) candidates.emplace(claim.service, claim.kind);
  }
  EvidenceGate gate(m_topology, m_reread);
  for (const auto& [service, kind] : candidates) {
    out.hypotheses.push_back(pool(service, kind, claims));
    judge(out.hypotheses.back(), gate);
  }
  std::ranges::stable_sort(out.hypotheses, std::greater(), &model::Hypothesis::confidence);
  out.verdict = Verdict::Inconclusive;
  if (!out.hypotheses.empty()) {
    const auto best = out.hypotheses.front().verdict;
    if (best == Verdict::Confirmed || best == Verdict::Likely) out.verdict = best;
  }
  addExplained(out, file, gate);
  for (const auto& [analyst, claim] : claims) {
    const bool agrees = !out.hypotheses.empty() &&
                        supports(claim, out.hypotheses.front().service, out.hypotheses.front().kind);
    out.opinions.push_back({analyst, claim.service, claim.kind, claim.confidence, agrees, claim.note});
  }
  return out;
}

}  // namespace aiops::analysis
