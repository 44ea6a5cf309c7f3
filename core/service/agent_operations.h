// The agents: state, switch, settings and restart.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include "model/status.h"
#include "service/reply.h"

namespace aiops::service {

class AgentOperations {
 public:
  virtual ~AgentOperations() = default;
  virtual void listAgents(Reply<std::vector<model::AgentStatus>> reply) = 0;
  /// Holds over restarts. A disabled agent takes no work; what it would have missed it takes up again when
  /// enabled.
  virtual void enableAgent(Caller caller, std::string id, bool enabled, Reply<model::AgentStatus> reply) = 0;
  /// Values as text by key, each checked against the agent's own table of settings (InvalidInput names key
  /// and what is allowed; nothing is changed then). Answers with the values in force: a ceiling of the
  /// configuration holds and is said in AgentSetting::limitedBy.
  virtual void configureAgent(Caller caller, std::string id, std::map<std::string, std::string> values,
                              Reply<model::AgentStatus> reply) = 0;
  /// The agent lets go of what it holds and takes it from the store again, without the wait after a failure;
  /// counted in AgentStatus::operatorRestarts. Replies when that has ended, well or not: a state of Failed
  /// says that it did not come up. NotFound; Conflict for a disabled agent.
  virtual void restartAgent(Caller caller, std::string id, Reply<model::AgentStatus> reply) = 0;
};

}  // namespace aiops::service
