// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_agents.h"

namespace aiops::test {

FakeAgents::FakeAgents() = default;

FakeAgents::~FakeAgents() = default;

void FakeAgents::listAgents(service::Reply<std::vector<model::AgentStatus>> reply) {
  calls.push_back("listAgents");
  reply(listAgentsAnswer);
}

void FakeAgents::enableAgent(service::Caller, std::string, bool, service::Reply<model::AgentStatus> reply) {
  calls.push_back("enableAgent");
  reply(enableAgentAnswer);
}

void FakeAgents::configureAgent(service::Caller, std::string, std::map<std::string, std::string>,
                                service::Reply<model::AgentStatus> reply) {
  calls.push_back("configureAgent");
  reply(configureAgentAnswer);
}

void FakeAgents::restartAgent(service::Caller, std::string, service::Reply<model::AgentStatus> reply) {
  calls.push_back("restartAgent");
  reply(restartAgentAnswer);
}

}  // namespace aiops::test
