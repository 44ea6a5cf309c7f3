// What a model's opinion may change of a diagnosis, and what it may not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/model_opinion.h"
#include "analysis/odds.h"

namespace aiops::test {

/// The order and the verdicts are the same, and no confidence fell or rose by more than the cap.
inline std::string difference(const model::Diagnosis& built, const model::Diagnosis& pooled) {
  if (pooled.verdict != built.verdict) return "another verdict";
  if (pooled.hypotheses.size() != built.hypotheses.size()) return "another number";
  for (size_t i = 0; i < built.hypotheses.size(); ++i) {
    const auto &was = built.hypotheses[i], &is = pooled.hypotheses[i];
    if (is.service != was.service || is.kind != was.kind) return "another order";
    if (is.verdict != was.verdict || is.analysts != was.analysts) return "another verdict of one";
    if (is.statement != was.statement || is.evidenceFor.size() != was.evidenceFor.size())
      return "other evidence";
    if (is.confidence < was.confidence) return "less sure";
    if (analysis::logit(is.confidence) > analysis::logit(was.confidence) + analysis::kModelCap + 1e-9)
      return "too sure";
    if (i > 0 && is.confidence > pooled.hypotheses[i - 1].confidence &&
        was.confidence <= built.hypotheses[i - 1].confidence)
      return "surer than the one before";
  }
  return {};
}

}  // namespace aiops::test
