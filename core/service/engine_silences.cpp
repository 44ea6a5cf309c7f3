// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_silences.h"

#include "agents/engine.h"
#include "service/engine_answer.h"

namespace aiops::service {

void EngineSilences::listSilences(Reply<std::vector<model::Silence>> reply) {
  answerOn(m_worker, std::move(reply),
           [this]() -> base::Result<std::vector<model::Silence>> { return m_engine.silences().silences(); });
}

void EngineSilences::addSilence(Caller caller, model::Silence silence, Reply<model::Silence> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [=, this] { return m_engine.silences().add(caller.name, silence); });
}

void EngineSilences::removeSilence(Caller caller, std::string id, Reply<model::Silence> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply),
           [=, this] { return m_engine.silences().removeSilence(caller.name, id); });
}

void EngineSilences::listMaintenance(Reply<std::vector<model::MaintenanceWindow>> reply) {
  answerOn(m_worker, std::move(reply), [this]() -> base::Result<std::vector<model::MaintenanceWindow>> {
    return m_engine.silences().windows();
  });
}

void EngineSilences::addMaintenance(Caller caller, model::MaintenanceWindow window,
                                    Reply<model::MaintenanceWindow> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply), [=, this] { return m_engine.silences().add(caller.name, window); });
}

void EngineSilences::removeMaintenance(Caller caller, std::string id, Reply<model::MaintenanceWindow> reply) {
  if (!caller.mayOperate) return reply(lacksScope("operate"));
  answerOn(m_worker, std::move(reply),
           [=, this] { return m_engine.silences().removeWindow(caller.name, id); });
}

}  // namespace aiops::service
