// AgentOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/agent_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order.
class EngineAgents final : public AgentOperations {
 public:
  EngineAgents(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void listAgents(Reply<std::vector<model::AgentStatus>> reply) override;
  void enableAgent(Caller caller, std::string id, bool enabled, Reply<model::AgentStatus> reply) override;
  void configureAgent(Caller caller, std::string id, std::map<std::string, std::string> values,
                      Reply<model::AgentStatus> reply) override;
  /// Replies on the agent's thread.
  void restartAgent(Caller caller, std::string id, Reply<model::AgentStatus> reply) override;

 private:
  agents::Engine& m_engine;
  base::Worker& m_worker;
};

}  // namespace aiops::service
