// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_agents.h"

#include "agents/engine.h"
#include "service/engine_answer.h"

namespace aiops::service {
namespace {

using base::ErrorCode;
using base::fail;

std::string listed(const std::map<std::string, std::string>& values) {
  std::string out;
  for (const auto& [key, value] : values) out += (out.empty() ? "" : ", ") + key + "=" + value;
  return out;
}

base::Result<agents::Agent*> agentOf(agents::Engine& engine, const std::string& id) {
  if (auto* agent = engine.agent(id)) return agent;
  std::string known;
  for (const auto* agent : engine.agents()) known += (known.empty() ? "" : ", ") + agent->id();
  return fail(ErrorCode::NotFound, "there is no agent '" + id + "'", id, "the agents: " + known);
}

/// Audit before effect: what can't be written down is not done.
base::Result<> noteAndKeep(agents::Engine& engine, const agents::Agent& agent, model::AuditEntry entry,
                           model::AgentChoice choice) {
  entry.target = agent.id();
  if (auto audited = engine.fixes().audit(std::move(entry)); !audited) return audited;
  choice.id = agent.id();
  return engine.store().saveAgentChoice(choice);
}

base::Result<model::AgentStatus> switchAgent(agents::Engine& engine, const Caller& caller,
                                             const std::string& id, bool enabled) {
  auto agent = agentOf(engine, id);
  if (!agent) return std::unexpected(agent.error());
  if ((*agent)->isEnabled() == enabled) return (*agent)->status();
  if (!enabled) {
    if (auto may = (*agent)->mayBeDisabled(); !may) return std::unexpected(may.error());
  }
  auto kept = noteAndKeep(engine, **agent,
                          {.who = caller.name,
                           .what = enabled ? "agent.enable" : "agent.disable",
                           .result = enabled ? "enabled" : "disabled"},
                          {.enabled = enabled, .settings = (*agent)->settings().asked()});
  if (!kept) return std::unexpected(kept.error());
  if (auto switched = (*agent)->setEnabled(enabled); !switched) return std::unexpected(switched.error());
  return (*agent)->status();
}

base::Result<model::AgentStatus> configure(agents::Engine& engine, const Caller& caller,
                                           const std::string& id,
                                           const std::map<std::string, std::string>& values) {
  auto agent = agentOf(engine, id);
  if (!agent) return std::unexpected(agent.error());
  if (auto fine = (*agent)->settings().check(values); !fine) return std::unexpected(fine.error());
  auto asked = (*agent)->settings().asked();
  for (const auto& [key, value] : values) asked[key] = value;
  auto kept =
      noteAndKeep(engine, **agent, {.who = caller.name, .what = "agent.configure", .result = listed(values)},
                  {.enabled = (*agent)->isEnabled(), .settings = asked});
  if (!kept) return std::unexpected(kept.error());
  (*agent)->settings().set(values);
  return (*agent)->status();
}

void restart(agents::Engine& engine, const Caller& caller, const std::string& id,
             const Reply<model::AgentStatus>& reply) {
  auto agent = agentOf(engine, id);
  if (!agent) return reply(std::unexpected(agent.error()));
  if (auto may = (*agent)->mayRestart(); !may) return reply(std::unexpected(may.error()));
  auto audited = engine.fixes().audit(
      {.who = caller.name, .what = "agent.restart", .target = id, .result = "restarted"});
  if (!audited) return reply(std::unexpected(audited.error()));
  auto asked = (*agent)->restart([reply, agent = *agent] { reply(agent->status()); });
  if (!asked) reply(std::unexpected(asked.error()));
}

}  // namespace

void EngineAgents::listAgents(Reply<std::vector<model::AgentStatus>> reply) {
  answerOn(m_worker, std::move(reply), [this]() -> base::Result<std::vector<model::AgentStatus>> {
    std::vector<model::AgentStatus> out;
    for (const auto* agent : m_engine.agents()) out.push_back(agent->status());
    return out;
  });
}

void EngineAgents::enableAgent(Caller caller, std::string id, bool enabled, Reply<model::AgentStatus> reply) {
  if (!caller.mayOperate || (enabled && id == "fix_executor" && !caller.mayApprove))
    return reply(lacksScope(caller.mayOperate ? "approve" : "operate"));
  answerOn(m_worker, std::move(reply),
           [this, caller, id, enabled] { return switchAgent(m_engine, caller, id, enabled); });
}

void EngineAgents::configureAgent(Caller caller, std::string id, std::map<std::string, std::string> values,
                                  Reply<model::AgentStatus> reply) {
  if (!caller.isAdmin) return reply(lacksScope("admin"));
  answerOn(m_worker, std::move(reply),
           [this, caller, id, values] { return configure(m_engine, caller, id, values); });
}

void EngineAgents::restartAgent(Caller caller, std::string id, Reply<model::AgentStatus> reply) {
  if (!caller.isAdmin) return reply(lacksScope("admin"));
  const bool taken = m_worker.post([this, caller = std::move(caller), id = std::move(id), reply] {
    restart(m_engine, caller, id, reply);
  });
  if (!taken) reply(fail(ErrorCode::Unavailable, "too many questions wait", "", "try again"));
}

}  // namespace aiops::service
