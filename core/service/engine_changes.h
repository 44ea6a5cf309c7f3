// ChangeOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/change_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order.
class EngineChanges final : public ChangeOperations {
 public:
  EngineChanges(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void listChanges(ChangeFilter filter, Reply<std::vector<model::Change>> reply) override;
  void listBaselines(Reply<std::vector<model::Baseline>> reply) override;
  void setBaseline(Caller caller, std::string path, Reply<model::Baseline> reply) override;

 private:
  agents::Engine& m_engine;
  base::Worker& m_worker;
};

}  // namespace aiops::service
