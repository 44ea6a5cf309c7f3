// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/incident_record.h"

#include <algorithm>

#include "knowledge/incident_memory.h"

namespace aiops::agents {

using model::CauseBasis;
using model::Judge;

namespace {

constexpr size_t kHypothesesKept = 5;

/// A cause, and who says so. An empty service: the hypotheses are wrong, whatever they are.
struct Truth {
  Judge by = Judge::Fix;
  std::string service;
  std::string kind;
};

/// Of fixes the last outcome counts: what helped in the end tells more than what was tried before.
base::Result<std::optional<Truth>> truthByFixes(storage::Store& store, const model::Incident& incident,
                                                const model::Hypothesis& best) {
  const auto fixes = store.fixesOf(incident.id);
  if (!fixes) return std::unexpected(fixes.error());
  std::optional<Truth> truth;
  for (const auto& fix : *fixes) {
    const auto outcome = store.outcomeOf(fix.id);
    if (!outcome) continue;
    if (outcome->result == model::OutcomeResult::Worked) return Truth{Judge::Fix, best.service, best.kind};
    if (outcome->result == model::OutcomeResult::Undone) truth = Truth{Judge::UndoneFix, {}, {}};
  }
  return truth;
}

base::Result<std::optional<Truth>> truthOf(storage::Store& store, const model::Incident& incident,
                                           const model::Hypothesis& best) {
  if (const auto& known = incident.knownCause) return Truth{Judge::Person, known->service, known->kind};
  if (incident.falsePositive) return Truth{Judge::Person, {}, {}};
  return truthByFixes(store, incident, best);
}

bool isRight(const Truth& truth, const std::string& service, const std::string& kind) {
  return !truth.service.empty() && truth.service == service && (kind.empty() || truth.kind == kind);
}

}  // namespace

bool isRemembered(const model::Incident& incident) {
  return model::isClosed(incident.state) && !incident.falsePositive && incident.mergedInto.empty();
}

base::Result<model::PastIncident> pastIncident(storage::Store& store, const model::Incident& incident) {
  const auto events = store.eventsOf(incident.id);
  if (!events) return std::unexpected(events.error());
  const auto fixes = store.fixesOf(incident.id);
  if (!fixes) return std::unexpected(fixes.error());
  model::PastIncident past{.incident = incident.id,
                           .number = incident.number,
                           .title = incident.title,
                           .startedAt = incident.startedAt,
                           .endedAt = incident.endedAt.value_or(incident.startedAt),
                           .terms = knowledge::termsOf(*events)};
  const auto diagnosis = store.diagnosis(incident.id);
  const bool found = diagnosis && (diagnosis->verdict == model::Verdict::Confirmed ||
                                   diagnosis->verdict == model::Verdict::Likely);
  if (found) {
    past.service = diagnosis->hypotheses.front().service;
    past.kind = diagnosis->hypotheses.front().kind;
  }
  for (const auto& fix : *fixes) {
    const auto outcome = store.outcomeOf(fix.id);
    if (!outcome) continue;
    past.fix = outcome->playbookId;
    past.result = toString(outcome->result);
    past.tried.push_back({past.fix, past.result});
    if (found && outcome->result == model::OutcomeResult::Worked) past.basis = CauseBasis::Fix;
  }
  if (const auto& known = incident.knownCause) {
    if (found && (past.service != known->service || past.kind != known->kind)) {
      past.wrongService = past.service;
      past.wrongKind = past.kind;
    }
    past.service = known->service;
    past.kind = known->kind;
    past.basis = CauseBasis::Person;
    past.by = known->by;
  }
  return past;
}

base::Result<std::optional<model::JudgedDiagnosis>> judgedDiagnosis(storage::Store& store,
                                                                    const model::Incident& incident) {
  if (!model::isClosed(incident.state) || !incident.mergedInto.empty()) return std::nullopt;
  const auto diagnosis = store.diagnosis(incident.id);
  if (!diagnosis || diagnosis->hypotheses.empty()) return std::nullopt;
  const auto truth = truthOf(store, incident, diagnosis->hypotheses.front());
  if (!truth) return std::unexpected(truth.error());
  if (!*truth) return std::nullopt;
  model::JudgedDiagnosis judged{.incident = incident.id,
                                .number = incident.number,
                                .at = incident.endedAt.value_or(incident.startedAt),
                                .by = (*truth)->by};
  for (const auto& said : diagnosis->hypotheses) {
    if (judged.hypotheses.size() == kHypothesesKept) break;
    if (said.verdict == model::Verdict::Rejected) continue;
    judged.hypotheses.push_back(
        {said.service, said.kind, said.pooled, said.confidence, isRight(**truth, said.service, said.kind)});
  }
  for (const auto& opinion : diagnosis->opinions) {
    judged.opinions.push_back(
        {opinion.analyst, opinion.confidence, isRight(**truth, opinion.service, opinion.kind)});
  }
  return judged;
}

}  // namespace aiops::agents
