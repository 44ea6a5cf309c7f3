// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/change_analyst.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/case_view.h"
#include "analysis/change_history.h"

namespace aiops::analysis {
namespace {

using model::ChangeKind;

constexpr double kSpan = 0.3;    // from even odds to the most that a change alone tells
constexpr double kLeast = 0.03;  // less than that above even odds is not worth a claim

/// How much a change of a kind tells, and after how long it tells half as much. A bad configuration or
/// version shows when it is used, a restart or a job at once.
struct Weight {
  ChangeKind kind;
  double most;
  std::chrono::seconds half;
  std::string_view cause;  ///< the kind of failure that it would be, or empty
};

constexpr std::array<Weight, 8> kWeights = {{
    {ChangeKind::ConfigFile, 0.9, std::chrono::minutes(10), "bad_config"},
    {ChangeKind::Package, 0.7, std::chrono::minutes(10), "bad_deploy"},
    {ChangeKind::Unit, 0.8, std::chrono::minutes(10), "bad_config"},
    {ChangeKind::Version, 0.9, std::chrono::minutes(10), "bad_deploy"},
    {ChangeKind::Restart, 0.4, std::chrono::minutes(1), ""},
    {ChangeKind::Deployment, 0.9, std::chrono::minutes(10), "bad_deploy"},
    {ChangeKind::Certificate, 0.8, std::chrono::minutes(30), "certificate_expired"},
    {ChangeKind::ScheduledJob, 0.35, std::chrono::minutes(1), ""},
}};

const Weight& weightOf(ChangeKind kind) {
  return *std::ranges::find(kWeights, kind, &Weight::kind);
}

/// The first failure of each service; where nothing failed, the first trouble.
std::map<std::string, const model::Event*> firstFailures(const CaseView& view) {
  std::map<std::string, const model::Event*> failures, signs;
  for (const auto* event : view.events()) {
    if (!CaseView::trouble(*event)) continue;
    signs.try_emplace(event->service, event);
    if (event->severity >= model::Severity::Error) failures.try_emplace(event->service, event);
  }
  return failures.empty() ? signs : failures;
}

bool pointedAt(const std::string& service, const CaseView& view) {
  return std::ranges::any_of(view.events(), [&](const auto* event) {
    return CaseView::trouble(*event) && listed(view.blamed(*event), service);
  });
}

}  // namespace

ChangeAnalyst::ChangeAnalyst(std::vector<knowledge::Signature> signatures,
                             const correlation::Topology& topology)
    : m_signatures(std::move(signatures)), m_topology(topology) {}

/// Strength 0 when the change can't be the cause.
ChangeAnalyst::Suspect ChangeAnalyst::suspect(const model::Change& change, const CaseView& view) const {
  Suspect out{.change = &change};
  const auto failures = firstFailures(view);
  bool concerned = failures.contains(change.service) || pointedAt(change.service, view);
  for (const auto& [service, event] : failures) {
    ++out.troubled;
    concerned = concerned || m_topology.dependsOn(service, change.service);
    if (!m_topology.explains(change.service, service)) continue;
    if (event->first + kTimeResolution < change.at) return out;  // it was broken before
    ++out.explained;
    if (out.sign == nullptr || event->first < out.sign->first) out.sign = event;
  }
  if (!concerned || out.sign == nullptr) return out;
  const auto& weight = weightOf(change.kind);
  const double halves = std::max(0.0, std::chrono::duration<double>(out.sign->first - change.at).count()) /
                        std::chrono::duration<double>(weight.half).count();
  out.strength = weight.most * std::exp2(-halves) * static_cast<double>(out.explained) /
                 static_cast<double>(out.troubled) / (1.0 + change.routineDays);
  return out;
}

bool ChangeAnalyst::shows(const knowledge::Signature& signature, const std::string& service,
                          base::TimePoint since, const CaseView& view) const {
  return std::ranges::any_of(view.events(), [&](const auto* event) {
    if (event->first + kTimeResolution < since || !view.shows(*event, signature.causeSignals)) return false;
    if (signature.blames == knowledge::Blames::Self) return event->service == service;
    return signature.blames == knowledge::Blames::Target && listed(view.blamed(*event), service);
  });
}

/// What a signature needs to have come before may be this change, if no line tells of another one.
std::string ChangeAnalyst::kindOf(const Suspect& suspect, const CaseView& view) const {
  const std::string kind(weightOf(suspect.change->kind).cause);
  const auto fits = [&](const auto& signature) {
    return signature.kind == kind && shows(signature, suspect.change->service, suspect.change->at, view);
  };
  return std::ranges::any_of(m_signatures, fits) ? kind : "";
}

Claim ChangeAnalyst::claimOf(const Suspect& suspect, double share, const CaseView& view) const {
  const auto& change = *suspect.change;
  const auto before = spanText(std::max(base::Duration(0), suspect.sign->first - change.at)) + " before";
  Claim claim{.service = change.service,
              .kind = kindOf(suspect, view),
              .statement = change.service + " " + change.what + " " + before + " it failed",
              .confidence = 0.5 + kSpan * suspect.strength * share};
  claim.note =
      std::string(toString(change.kind)) + ": " + changeText(change) + ", " + before + " the first sign";
  if (change.routineDays > 0)
    claim.note += "; on " + std::to_string(change.routineDays) + " days it went well";
  if (change.evidence)
    claim.evidence.push_back({.evidence = *change.evidence, .reason = "changed, " + before});
  cite(claim.evidence, *suspect.sign, 1, "first sign after the change");
  return claim;
}

std::vector<Claim> ChangeAnalyst::analyse(const CaseFile& file) const {
  if (file.changes.empty()) return {};
  const CaseView view(file, m_topology);
  std::map<std::string, Suspect> strongest;
  for (const auto& change : file.changes) {
    if (change.service.empty() || change.foretold) continue;
    const auto found = suspect(change, view);
    auto& kept = strongest[change.service];
    if (found.strength > kept.strength) kept = found;
  }
  double all = 0;
  for (const auto& [service, found] : strongest) all += found.strength;
  std::vector<Claim> claims;
  for (const auto& [service, found] : strongest) {
    const double share = all > 0 ? found.strength / all : 0;
    if (kSpan * found.strength * share >= kLeast) claims.push_back(claimOf(found, share, view));
  }
  return claims;
}

}  // namespace aiops::analysis
