// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "analysis/analyst.h"
#include "analysis/odds.h"

namespace aiops::analysis {
namespace {

constexpr size_t kCitationsOfCause = 3;
constexpr double kEffectSeen = 0.7;    // added log-odds for each service that shows the effect
constexpr double kAgainstSeen = -1.6;  // added log-odds for a sign that speaks for another cause
constexpr int kEffectsCounted = 2;     // more services with the effect say little more

std::string delayText(base::Duration delay) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s after", std::chrono::duration<double>(delay).count());
  return text;
}

std::string fill(std::string text, const std::string& service) {
  const std::string slot = "{service}";
  for (size_t at = text.find(slot); at != std::string::npos; at = text.find(slot, at + service.size())) {
    text.replace(at, slot.size(), service);
  }
  return text;
}

void cite(std::vector<model::Citation>& into, const model::Event& event, size_t most,
          const std::string& reason) {
  for (size_t i = 0; i < std::min(most, event.evidence.size()); ++i) {
    into.push_back({.evidence = event.evidence[i], .reason = reason});
  }
}

bool listed(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

/// The first event of each service at warning or above, earliest first.
std::vector<const model::Event*> firstSigns(const CaseFile& file) {
  std::map<std::string, const model::Event*> first;
  for (const auto& event : file.events) {
    if (event.severity < model::Severity::Warning) continue;
    auto& slot = first[event.service];
    if (slot == nullptr || event.first < slot->first) slot = &event;
  }
  std::vector<const model::Event*> signs;
  for (const auto& [service, event] : first) signs.push_back(event);
  std::ranges::stable_sort(signs, {}, [](const auto* e) { return e->first; });
  return signs;
}

}  // namespace

SignatureAnalyst::SignatureAnalyst(std::vector<knowledge::Signature> signatures,
                                   const correlation::Topology& topology)
    : m_signatures(std::move(signatures)), m_topology(topology) {}

std::vector<Claim> SignatureAnalyst::analyse(const CaseFile& file) const {
  std::vector<Claim> claims;
  for (const auto& signature : m_signatures) {
    std::map<std::string, const model::Event*> causes;  // earliest per service
    for (const auto& event : file.events) {
      if (event.signal != signature.causeSignal) continue;
      auto& slot = causes[event.service];
      if (slot == nullptr || event.first < slot->first) slot = &event;
    }
    for (const auto& [service, cause] : causes) claims.push_back(weigh(signature, *cause, file));
  }
  return claims;
}

Claim SignatureAnalyst::weigh(const knowledge::Signature& signature, const model::Event& cause,
                              const CaseFile& file) const {
  Claim claim{.service = cause.service,
              .kind = signature.kind,
              .statement = fill(signature.statement, cause.service),
              .note = "signature " + signature.id};
  cite(claim.evidence, cause, kCitationsOfCause, "says so itself");
  double odds = logit(signature.weight);
  std::map<std::string, bool> effects;
  for (const auto& event : file.events) {
    if (listed(signature.effectSignals, event.signal) && m_topology.explains(cause.service, event.service) &&
        event.first + kTimeResolution >= cause.first && !effects[event.service]) {
      effects[event.service] = true;
      cite(claim.evidence, event, 1,
           "effect, " + delayText(std::max(base::Duration(0), event.first - cause.first)));
    }
    if (event.service == cause.service && listed(signature.against, event.signal)) {
      odds += kAgainstSeen;
      cite(claim.against, event, 1, "speaks for another cause");
    }
  }
  odds += kEffectSeen * std::min<int>(kEffectsCounted, static_cast<int>(effects.size()));
  claim.confidence = probability(odds);
  return claim;
}

std::vector<Claim> OrderInTimeAnalyst::analyse(const CaseFile& file) const {
  const auto signs = firstSigns(file);
  if (signs.empty()) return {};
  const model::Event* origin = signs.front();
  for (const auto* sign : signs) {  // among simultaneous ones the deepest dependency
    const bool simultaneous = sign->first - signs.front()->first <= kTimeResolution;
    if (simultaneous && sign->service != origin->service &&
        m_topology.explains(sign->service, origin->service)) {
      origin = sign;
    }
  }
  const auto explained = static_cast<size_t>(std::ranges::count_if(
      signs, [&](const auto* s) { return m_topology.explains(origin->service, s->service); }));
  Claim claim{.service = origin->service, .confidence = 0.55};
  if (explained == signs.size()) claim.confidence = signs.size() > 1 ? 0.8 : 0.65;
  claim.statement = origin->service + " failed first";
  claim.note =
      std::to_string(explained) + " of " + std::to_string(signs.size()) + " affected services explained";
  cite(claim.evidence, *origin, 1, "first sign");
  for (const auto* sign : signs) {
    if (sign == origin) continue;
    cite(claim.evidence, *sign, 1, delayText(std::max(base::Duration(0), sign->first - origin->first)));
  }
  return {claim};
}

}  // namespace aiops::analysis
