// SilenceOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/silence_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order.
class EngineSilences final : public SilenceOperations {
 public:
  EngineSilences(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void listSilences(Reply<std::vector<model::Silence>> reply) override;
  void addSilence(Caller caller, model::Silence silence, Reply<model::Silence> reply) override;
  void removeSilence(Caller caller, std::string id, Reply<model::Silence> reply) override;
  void listMaintenance(Reply<std::vector<model::MaintenanceWindow>> reply) override;
  void addMaintenance(Caller caller, model::MaintenanceWindow window,
                      Reply<model::MaintenanceWindow> reply) override;
  void removeMaintenance(Caller caller, std::string id, Reply<model::MaintenanceWindow> reply) override;

 private:
  agents::Engine& m_engine;
  base::Worker& m_worker;
};

}  // namespace aiops::service
