// AgentOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/agent_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeAgents : public service::AgentOperations {
 public:
  FakeAgents();
  ~FakeAgents() override;

  base::Result<std::vector<model::AgentStatus>> listAgentsAnswer;
  void listAgents(service::Reply<std::vector<model::AgentStatus>> reply) override;

  base::Result<model::AgentStatus> enableAgentAnswer;
  void enableAgent(service::Caller, std::string, bool, service::Reply<model::AgentStatus> reply) override;

  base::Result<model::AgentStatus> configureAgentAnswer;
  void configureAgent(service::Caller, std::string, std::map<std::string, std::string>,
                      service::Reply<model::AgentStatus> reply) override;

  base::Result<model::AgentStatus> restartAgentAnswer;
  void restartAgent(service::Caller, std::string, service::Reply<model::AgentStatus> reply) override;

  std::vector<std::string> calls;
};

}  // namespace aiops::test
