// Asks a language model for its opinion on a case.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/model_brief.h"
#include "analysis/model_opinion.h"
#include "integrations/call_guard.h"

namespace aiops::analysis {

/// It is no Analyst: it takes seconds to a minute, may have no answer, and its claims count otherwise.
/// Blocks; never call it from a thread that anything else waits for. Thread safe.
class ModelAnalyst {
 public:
  /// `delimiter` gives a new random word for each question. All that is referred to must outlive it.
  ModelAnalyst(integrations::CallGuard& guard, const correlation::Topology& topology,
               ModelCatalogue catalogue, Redact redact, std::function<std::string()> delimiter);

  /// At most three calls: the model may look something up before it answers, twice. The error says in words
  /// for people why there is no opinion.
  base::Result<ModelOpinion> consult(const CaseFile& file, const model::Diagnosis& built,
                                     const base::CancelToken& cancel) const;

 private:
  static constexpr int kRounds = 3;

  integrations::CallGuard& m_guard;
  const correlation::Topology& m_topology;
  const ModelCatalogue m_catalogue;
  const Redact m_redact;
  const std::function<std::string()> m_delimiter;
};

}  // namespace aiops::analysis
