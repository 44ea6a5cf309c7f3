// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "analysis/analyst.h"
#include "analysis/case_view.h"
#include "analysis/change_analyst.h"
#include "analysis/deviation_analyst.h"
#include "analysis/novelty_analyst.h"
#include "analysis/odds.h"
#include "analysis/resource_analyst.h"

namespace aiops::analysis {
namespace {

constexpr size_t kCitationsOfCause = 3;
constexpr double kEffectSeen = 0.7;         // added log-odds for each service that shows the effect
constexpr double kWithSeen = 0.8;           // ... for each sign that makes it likelier
constexpr double kWitnessSeen = 0.5;        // ... for each further service that points at the same one
constexpr double kAgainstSeen = -1.6;       // ... for a sign that speaks for another cause
constexpr double kEchoFromBelow = -1.4;     // ... when a dependency shows or is said to cause the same
constexpr int kMostCounted = 2;             // more services with the effect say little more
constexpr std::chrono::seconds kBefore{2};  // what is needed "before" may be logged this much later
constexpr std::chrono::seconds kSilenceNear{30};

std::string fill(std::string text, const std::string& service) {
  const std::string slot = "{service}";
  for (size_t at = text.find(slot); at != std::string::npos; at = text.find(slot, at + service.size())) {
    text.replace(at, slot.size(), service);
  }
  return text;
}

/// Several signatures may tell of one kind; they look at the same lines and don't add up.
void keepStrongest(std::vector<Claim>& claims, Claim claim) {
  const auto same = std::ranges::find_if(
      claims, [&](const Claim& other) { return other.service == claim.service && other.kind == claim.kind; });
  if (same == claims.end()) {
    claims.push_back(std::move(claim));
  } else if (same->confidence < claim.confidence) {
    *same = std::move(claim);
  }
}

}  // namespace

SignatureAnalyst::SignatureAnalyst(std::vector<knowledge::Signature> signatures,
                                   const correlation::Topology& topology)
    : m_signatures(std::move(signatures)), m_topology(topology) {}

std::vector<Claim> SignatureAnalyst::analyse(const CaseFile& file) const {
  const CaseView view(file, m_topology);
  std::vector<Claim> claims;
  for (const auto& signature : m_signatures) {
    for (const auto& [service, causes] : suspects(signature, view)) {
      const auto until = causes.front()->first + kBefore;
      const bool met = std::ranges::all_of(
          signature.needs, [&](const auto& any) { return view.seen(service, any, until) != nullptr; });
      if (met) keepStrongest(claims, weigh(signature, service, causes, view));
    }
  }
  return claims;
}

SignatureAnalyst::Suspects SignatureAnalyst::suspects(const knowledge::Signature& signature,
                                                      const CaseView& view) const {
  Suspects out;
  for (const auto* event : view.events()) {
    if (!view.shows(*event, signature.causeSignals)) continue;
    for (const auto& service : accused(signature, *event, view)) {
      if (mayBe(signature, service)) out[service].push_back(event);
    }
  }
  return out;
}

std::vector<std::string> SignatureAnalyst::accused(const knowledge::Signature& signature,
                                                   const model::Event& event, const CaseView& view) const {
  switch (signature.blames) {
    case knowledge::Blames::Self:
      return {event.service};
    case knowledge::Blames::Target:
      return view.blamed(event);
    case knowledge::Blames::Dependency: {
      const auto& reach = m_topology.reach(event.service);
      return {reach.begin(), reach.end()};
    }
    case knowledge::Blames::Silent: {
      std::vector<std::string> silent;
      for (const auto* other : view.events()) {
        if (other->signal == "service_silent" && other->service != event.service &&
            other->first <= event.last + kSilenceNear && !listed(silent, other->service)) {
          silent.push_back(other->service);
        }
      }
      return silent;
    }
  }
  return {};
}

bool SignatureAnalyst::mayBe(const knowledge::Signature& signature, const std::string& service) const {
  if (signature.external && *signature.external != m_topology.external(service)) return false;
  return signature.roles.empty() || std::ranges::any_of(signature.roles, [&](const auto& role) {
           return correlation::roleFromString(role) == correlation::roleOf(service);
         });
}

/// What speaks for the trouble coming from further below: the same sign at a dependency, or `service` itself
/// complaining of one at about the same time.
double SignatureAnalyst::echo(const knowledge::Signature& signature, const std::string& service,
                              const model::Event& cause, const CaseView& view, Claim& claim) const {
  const auto until = cause.first + kTimeResolution + kBefore;
  for (const auto* event : view.events()) {
    if (event->first > until || !CaseView::trouble(*event)) continue;
    const bool sameBelow = m_topology.dependsOn(service, event->service) &&
                           signature.blames == knowledge::Blames::Self &&
                           view.shows(*event, signature.causeSignals);
    const bool complains = event->service == service && !view.blamed(*event).empty();
    if (!sameBelow && !complains) continue;
    cite(claim.against, *event, 1,
         sameBelow ? event->service + " shows it too"
                   : service + " complains of " + view.blamed(*event).front());
    return kEchoFromBelow;
  }
  return 0;
}

Claim SignatureAnalyst::weigh(const knowledge::Signature& signature, const std::string& service,
                              const std::vector<const model::Event*>& causes, const CaseView& view) const {
  const model::Event& cause = *causes.front();
  Claim claim{.service = service,
              .kind = signature.kind,
              .statement = fill(signature.statement, service),
              .note = "signature " + signature.id};
  double odds = logit(signature.weight);
  cite(claim.evidence, cause, kCitationsOfCause,
       cause.service == service ? "says so itself" : cause.service + " says so");
  for (const auto& any : signature.needs) {
    if (const auto* event = view.seen(service, any)) cite(claim.evidence, *event, 1, "came before");
  }
  std::map<std::string, bool> witnesses{{cause.service, true}};
  for (const auto* event : causes) {
    if (witnesses.size() > kMostCounted || witnesses[event->service]) continue;
    witnesses[event->service] = true;
    odds += kWitnessSeen;
    cite(claim.evidence, *event, 1, event->service + " says so too");
  }
  for (const auto& signal : signature.with) {
    if (const auto* event = view.seen(service, {signal})) {
      odds += kWithSeen;
      cite(claim.evidence, *event, 1, "fits");
    }
  }
  std::map<std::string, bool> effects;
  for (const auto* event : view.events()) {
    if (view.shows(*event, signature.effectSignals) && m_topology.explains(service, event->service) &&
        event->first + kTimeResolution >= cause.first && !effects[event->service]) {
      effects[event->service] = true;
      cite(claim.evidence, *event, 1,
           "effect, " + delayText(std::max(base::Duration(0), event->first - cause.first)));
    }
  }
  odds += kEffectSeen * std::min<int>(kMostCounted, static_cast<int>(effects.size()));
  if (const auto* event = view.seen(service, signature.against)) {
    odds += kAgainstSeen;
    cite(claim.against, *event, 1, "speaks for another cause");
  } else if (const auto* elsewhere = view.seenAnywhere(signature.againstAnywhere)) {
    odds += kAgainstSeen;
    cite(claim.against, *elsewhere, 1, "speaks for another cause");
  }
  odds += echo(signature, service, cause, view, claim);
  claim.confidence = probability(odds);
  return claim;
}

std::vector<std::unique_ptr<Analyst>> builtInAnalysts(std::vector<knowledge::Signature> signatures,
                                                      const correlation::Topology& topology) {
  std::vector<std::unique_ptr<Analyst>> analysts;
  analysts.push_back(std::make_unique<SignatureAnalyst>(signatures, topology));
  analysts.push_back(std::make_unique<OrderInTimeAnalyst>(topology));
  analysts.push_back(std::make_unique<DependencyAnalyst>(topology));
  analysts.push_back(std::make_unique<ChangeAnalyst>(std::move(signatures), topology));
  analysts.push_back(std::make_unique<DeviationAnalyst>(topology));
  analysts.push_back(std::make_unique<NoveltyAnalyst>(topology));
  analysts.push_back(std::make_unique<ResourceAnalyst>(topology));
  return analysts;
}

}  // namespace aiops::analysis
