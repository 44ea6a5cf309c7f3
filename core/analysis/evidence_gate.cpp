// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/evidence_gate.h"

#include <algorithm>
#include <cstdio>

#include "base/bytes.h"

namespace aiops::analysis {
namespace {

/// Effects are often told first: a statement that takes long is logged when it ends, who waits for it gives
/// up before.
constexpr std::chrono::seconds kToldLate{60};

/// `text` is the beginning of `bytes` as it is shown: what is not UTF-8 has been replaced in it.
bool quotes(const std::string& bytes, const std::string& text) {
  return bytes.starts_with(text) || base::toValidUtf8(bytes).starts_with(text);
}

/// How long after the first effect the first line of the blamed service was written; none where one is
/// missing.
std::optional<base::Duration> causeAfterEffect(const model::Hypothesis& hypothesis) {
  std::optional<base::TimePoint> cause, effect;
  for (const auto& citation : hypothesis.evidenceFor) {
    auto& first = citation.evidence.service == hypothesis.service ? cause : effect;
    if (!first || citation.evidence.time < *first) first = citation.evidence.time;
  }
  if (!cause || !effect) return std::nullopt;
  return *cause - *effect;
}

std::string secondsText(base::Duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f s", std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace

const std::optional<std::string>& EvidenceGate::objection(const model::EvidenceRef& ref) {
  const auto known = m_read.find(ref.id);
  if (known != m_read.end()) return known->second;
  const auto found = m_reread(ref);
  std::optional<std::string> why;
  if (!found) {
    why = "not found again: " + found.error().what;
  } else if (!quotes(*found, ref.text)) {
    why = "the line does not say so";
  }
  return m_read.emplace(ref.id, std::move(why)).first->second;
}

void EvidenceGate::check(model::Citation& citation, const model::Hypothesis& hypothesis) {
  auto why = objection(citation.evidence);
  if (!why && !m_topology.explains(hypothesis.service, citation.evidence.service) &&
      !m_topology.share(hypothesis.service, citation.evidence.service)) {
    why = citation.evidence.service + " does not depend on " + hypothesis.service;
  }
  citation.verified = !why;
  if (why) citation.reason += "; " + *why;
}

size_t EvidenceGate::check(model::Hypothesis& hypothesis) {
  for (auto* list : {&hypothesis.evidenceFor, &hypothesis.evidenceAgainst}) {
    for (auto& citation : *list) check(citation, hypothesis);
  }
  if (const auto late = causeAfterEffect(hypothesis); late && *late > kToldLate) {
    for (auto& citation : hypothesis.evidenceFor) {
      if (citation.evidence.service != hypothesis.service || !citation.verified) continue;
      citation.verified = false;
      citation.reason += "; it was written " + secondsText(*late) + " and more after the first effect";
    }
  }
  return static_cast<size_t>(std::ranges::count_if(hypothesis.evidenceFor, &model::Citation::verified));
}

size_t EvidenceGate::check(model::Finding& finding) {
  for (auto& citation : finding.evidence) {
    const auto why = objection(citation.evidence);
    citation.verified = !why;
    if (why) citation.reason += "; " + *why;
  }
  return static_cast<size_t>(std::ranges::count_if(finding.evidence, &model::Citation::verified));
}

}  // namespace aiops::analysis
