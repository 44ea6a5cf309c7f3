// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/model_analyst.h"

#include "base/bytes.h"

namespace aiops::analysis {
namespace {

using integrations::ModelTurn;
using integrations::Question;

constexpr const char* kSchemaName = "give_opinion";

}  // namespace

ModelAnalyst::ModelAnalyst(integrations::CallGuard& guard, const correlation::Topology& topology,
                           ModelCatalogue catalogue, Redact redact, std::function<std::string()> delimiter)
    : m_guard(guard),
      m_topology(topology),
      m_catalogue(std::move(catalogue)),
      m_redact(std::move(redact)),
      m_delimiter(std::move(delimiter)) {}

base::Result<ModelOpinion> ModelAnalyst::consult(const CaseFile& file, const model::Diagnosis& built,
                                                 const base::CancelToken& cancel) const {
  const ModelBrief brief(file, built, m_topology, m_catalogue, m_redact);
  if (brief.terms().services.empty() || brief.terms().kinds.empty() || brief.terms().evidence.empty())
    return base::fail(base::ErrorCode::NotFound, "the case has nothing that a model could judge");
  const auto delimiter = m_delimiter();
  Question question{.incident = file.incident.id.str(),
                    .fingerprint = brief.fingerprint(),
                    .request = {.instructions = modelInstructions(delimiter),
                                .turns = {{ModelTurn::Who::We, delimited(brief.data(), delimiter)}},
                                .schemaName = kSchemaName,
                                .schema = opinionSchema(brief.terms())}};
  base::Result<ModelOpinion> opinion;
  for (int round = 1;; ++round) {
    auto reply = m_guard.ask(question, cancel);
    // What it said before it looked something up still stands.
    if (!reply) return round > 1 ? opinion : std::unexpected(reply.error());
    auto next = readOpinion(reply->text, brief.terms());
    if (!next) m_guard.forget(question.fingerprint);
    if (!next) return round > 1 ? opinion : next;
    opinion = std::move(next);
    opinion->reason = m_redact(opinion->reason);
    if (!opinion->lookUp || round >= kRounds) return opinion;
    // The model's own words don't go back to it: what it asked for is enough.
    const auto shown = brief.lookUp(*opinion->lookUp);
    question.request.turns.push_back({ModelTurn::Who::Model, "look_up"});
    question.request.turns.push_back({ModelTurn::Who::We, delimited(shown, delimiter)});
    question.fingerprint = base::sha256Hex(question.fingerprint + shown);
  }
}

}  // namespace aiops::analysis
