// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_changes.h"

#include <algorithm>

#include "agents/engine.h"
#include "service/engine_answer.h"

namespace aiops::service {

void EngineChanges::listChanges(ChangeFilter filter, Reply<std::vector<model::Change>> reply) {
  answerOn(m_worker, std::move(reply), [=, this] {
    return m_engine.changes().list(
        {.service = filter.service, .since = filter.since, .limit = std::clamp(filter.limit, 1u, 500u)});
  });
}

void EngineChanges::listBaselines(Reply<std::vector<model::Baseline>> reply) {
  answerOn(m_worker, std::move(reply), [this]() -> base::Result<std::vector<model::Baseline>> {
    return m_engine.changeScout().baselines();
  });
}

void EngineChanges::setBaseline(Caller caller, std::string path, Reply<model::Baseline> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply),
           [=, this] { return m_engine.changeScout().setBaseline(caller.name, path); });
}

}  // namespace aiops::service
