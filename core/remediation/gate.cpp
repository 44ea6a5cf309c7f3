// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/gate.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "remediation/config_file.h"
#include "remediation/host_verb.h"
#include "remediation/plan_codec.h"
#include "remediation/planner.h"
#include "remediation/service_manager.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<> checkInTime(const RunState& run, const GateWorld& world) {
  if (run.bootId != world.bootId)
    return fail(ErrorCode::Stale, "the host has been restarted since the approval");
  if (world.sinceBoot.count() >= run.expiresBoot) {
    return fail(ErrorCode::Timeout, "the approval has expired", {},
                "look at the fix again and approve it again");
  }
  return {};
}

/// `argument` may stand where the inventory says `pattern`.
bool fits(const std::string& pattern, const std::string& argument, const model::Plan& plan) {
  if (pattern == argument) return true;
  const bool placeholder = pattern.size() > 2 && pattern.front() == '{' && pattern.back() == '}';
  return placeholder &&
         std::ranges::any_of(plan.parameters, [&](const auto& entry) { return entry.second == argument; });
}

bool isCommandOf(const model::ServiceEntry& service, const std::vector<std::string>& argv,
                 const model::Plan& plan) {
  return std::ranges::any_of(service.commands, [&](const auto& command) {
    const auto& pattern = command.second;
    if (pattern.size() != argv.size() || pattern[0] != argv[0]) return false;
    for (size_t i = 1; i < argv.size(); ++i) {
      if (!fits(pattern[i], argv[i], plan)) return false;
    }
    return true;
  });
}

Result<> checkCommand(const std::optional<model::CommandSpec>& command, const model::ServiceEntry& service,
                      const model::Plan& plan, const GateWorld& world) {
  if (!command) return {};
  const auto denied = [](std::string what, const std::string& where) {
    return fail(ErrorCode::PermissionDenied, std::move(what), where);
  };
  if (command->argv.empty() || !command->argv[0].starts_with('/'))
    return denied("command is not an absolute path", {});
  const auto& allowed = world.config.policy.allowedCommands;
  if (std::ranges::find(allowed, command->argv[0]) == allowed.end()) {
    return denied("command is not allowed", command->argv[0]);
  }
  if (!isCommandOf(service, command->argv, plan))
    return denied("not a command of the service", command->argv[0]);
  if (command->writablePaths != service.writablePaths)
    return denied("may write where the service's commands may not", command->argv[0]);
  return {};
}

/// The verb and its undo are exactly what the inventory makes of them.
Result<> checkAction(const model::ServiceAction& action, const model::ServiceEntry& service,
                     const GateWorld& world) {
  auto own = bindAction(service, world.config.policy, action.verb);
  if (!own) return std::unexpected(own.error());
  if (!action.undoVerb.empty()) {
    const auto undo = bindAction(service, world.config.policy, action.undoVerb);
    if (!undo) return std::unexpected(undo.error());
    own->undoVerb = action.undoVerb;
    own->undoArgv = undo->argv;
  }
  own->wasActive = action.wasActive;
  own->timeout = action.timeout;
  own->stability = action.stability;
  own->reloadManager = action.reloadManager && action.manager == "systemd";
  if (*own == action) return {};
  return fail(ErrorCode::PermissionDenied, "not what the inventory says of the service's unit", action.unit);
}

/// Every argument is the value of a parameter, which went through its grammar when the plan was made.
Result<> checkHostAct(const model::HostAct& act, const model::ServiceEntry& service, const model::Plan& plan,
                      const GateWorld& world) {
  const auto* verb = findHostVerb(act.verb);
  if (verb == nullptr) return fail(ErrorCode::InvalidInput, "unknown act", act.verb);
  for (const auto& [name, value] : act.arguments) {
    const bool known =
        std::ranges::any_of(plan.parameters, [&](const auto& entry) { return entry.second == value; });
    if (!known) return fail(ErrorCode::PermissionDenied, "not a parameter of the plan: " + name, act.verb);
  }
  if (act.timeout > world.config.policy.maxExecutionTime)
    return fail(ErrorCode::PermissionDenied, "it may take longer than is allowed", act.verb);
  return verb->check(act, {service, world.config.policy});
}

}  // namespace

base::Result<model::Plan> checkHash(const std::string& planBytes, const std::string& planHash) {
  if (base::sha256Hex(planBytes) != planHash) {
    return fail(ErrorCode::Stale, "the plan is not the one that the hash names", planHash.substr(0, 8));
  }
  return parsePlan(planBytes);
}

base::Result<> checkStopped(const GateWorld& world) {
  if (!world.stopped) return {};
  return fail(ErrorCode::Conflict, "automation is stopped", {}, "resume it first");
}

base::Result<> checkLock(const model::Plan& plan, const GateWorld& world) {
  const auto lock = world.journal.locks.find(plan.target);
  if (lock == world.journal.locks.end()) return {};
  return fail(ErrorCode::Conflict, "target is locked: " + lock->second, plan.target,
              "put it right by hand, then unlock it");
}

base::Result<> checkBoot(const model::Plan& plan, const GateWorld& world) {
  if (plan.bootId == world.bootId) return {};
  return fail(ErrorCode::Stale, "the host has been restarted since the plan was made");
}

base::Result<> checkCatalogue(const model::Plan& plan, const GateWorld& world) {
  const auto playbooks = loadPlaybooks(world.config.playbookDirectories);
  const Playbook* playbook = playbooks.find(plan.playbookId);
  if (!playbook) return fail(ErrorCode::Stale, "the playbook is no longer there", plan.playbookId);
  if (playbook->digest != plan.playbookDigest) {
    return fail(ErrorCode::Stale, "the playbook has been changed since the plan was made", playbook->file);
  }
  if (policyDigest(world.config.policy) != plan.policyDigest) {
    return fail(ErrorCode::Stale, "the execution policy has been changed since the plan was made");
  }
  return {};
}

base::Result<> checkStep(const model::PlanStep& step, const model::ServiceEntry& service,
                         const model::Plan& plan, const GateWorld& world) {
  const int parts = step.edit.has_value() + step.action.has_value() + step.act.has_value() +
                    (step.command || step.inverse || step.effectCheck || step.inverseEffectCheck);
  const bool edit = step.kind == "config_edit" && step.edit;
  const bool command = step.kind == "command" && step.command;
  const bool verb = step.kind == "service" && step.action;
  const bool act = step.kind == "host" && step.act;
  if (parts != 1 || edit + command + verb + act != 1)
    return fail(ErrorCode::InvalidInput, "step is not one edit, command, verb or act", step.title);
  if (edit) {
    if (auto allowed = checkEditPath(step.edit->path, world.config.policy); !allowed) return allowed;
    if (step.edit->path != service.configFile) {
      return fail(ErrorCode::PermissionDenied, "not the service's config file", step.edit->path);
    }
    if (auto checked = checkCommand(step.edit->check, service, plan, world); !checked) return checked;
  }
  if (verb) {
    if (auto checked = checkAction(*step.action, service, world); !checked) return checked;
  }
  if (act) return checkHostAct(*step.act, service, plan, world);
  for (const auto* spec : {&step.command, &step.effectCheck, &step.inverse, &step.inverseEffectCheck}) {
    if (auto checked = checkCommand(*spec, service, plan, world); !checked) return checked;
  }
  return {};
}

base::Result<> checkAct(const model::HostAct& act, const model::ServiceEntry& service,
                        const GateWorld& world) {
  const auto* verb = findHostVerb(act.verb);
  if (verb == nullptr) return fail(ErrorCode::InvalidInput, "unknown act", act.verb);
  return verb->checkSeen(act, {service, world.config.policy});
}

/// Every file is as the plan saw it: bytes, mode and owner. A second edit of one file builds on the first.
base::Result<> checkFiles(const model::Plan& plan) {
  std::map<std::string, std::string> planned;
  for (const auto& step : plan.steps) {
    if (!step.edit) continue;
    const FileSnapshot before{step.edit->before, step.edit->mode, step.edit->uid, step.edit->gid};
    const auto earlier = planned.find(step.edit->path);
    if (earlier == planned.end()) {
      const auto now = readConfigFile(step.edit->path);
      if (!now) return std::unexpected(now.error());
      if (*now != before)
        return fail(ErrorCode::Stale, "the file is not as it was when approved", step.edit->path);
    } else if (earlier->second != step.edit->before) {
      return fail(ErrorCode::Stale, "two edits of one file do not follow each other", step.edit->path);
    }
    planned[step.edit->path] = step.edit->after;
  }
  return {};
}

base::Result<> checkUnit(const model::PlanStep& step, const model::ServiceEntry& service,
                         const GateWorld& world) {
  if (!step.action) return {};
  if (!world.observe)
    return fail(ErrorCode::Unavailable, "the unit's state can't be seen", step.action->unit);
  const auto now = world.observe(service);
  if (!now) return std::unexpected(now.error());
  if (now->active == step.action->wasActive) return {};
  return fail(ErrorCode::Stale, "the unit is " + now->state + ", not as when approved", step.action->unit);
}

base::Result<> checkStanding(const model::Plan& plan, const GateWorld& world) {
  if (auto same = checkCatalogue(plan, world); !same) return same;
  const model::ServiceEntry* service = world.config.inventory.find(plan.target);
  if (!service) return fail(ErrorCode::NotFound, "target is not in the inventory", plan.target);
  if (plan.steps.empty()) return fail(ErrorCode::InvalidInput, "plan has no steps");
  for (const auto& step : plan.steps) {
    if (auto checked = checkStep(step, *service, plan, world); !checked) return checked;
  }
  return {};
}

base::Result<model::Plan> checkApproval(const std::string& planBytes, const std::string& planHash,
                                        const GateWorld& world) {
  auto plan = checkHash(planBytes, planHash);
  if (!plan) return plan;
  const auto run = world.journal.runs.find(planHash);
  if (run != world.journal.runs.end()) {
    const bool pending = run->second.state == model::FixState::Approved && checkInTime(run->second, world);
    if (run->second.claimed()) return fail(ErrorCode::Conflict, "this plan has already been run");
    if (pending) return fail(ErrorCode::Conflict, "this plan is already approved");
  }
  if (auto go = checkStopped(world); !go) return std::unexpected(go.error());
  if (auto open = checkLock(*plan, world); !open) return std::unexpected(open.error());
  if (auto boot = checkBoot(*plan, world); !boot) return std::unexpected(boot.error());
  if (auto standing = checkStanding(*plan, world); !standing) return std::unexpected(standing.error());
  return plan;
}

base::Result<model::Plan> checkExecution(const std::string& planBytes, const std::string& planHash,
                                         const GateWorld& world) {
  auto plan = checkHash(planBytes, planHash);
  if (!plan) return plan;
  const auto run = world.journal.runs.find(planHash);
  if (run == world.journal.runs.end()) return fail(ErrorCode::NotFound, "this plan has not been approved");
  if (run->second.claimed()) return fail(ErrorCode::Conflict, "the approval has already been used");
  if (run->second.state != model::FixState::Approved)
    return fail(ErrorCode::NotFound, "the approval was withdrawn");
  if (run->second.planBytes != planBytes) return fail(ErrorCode::Stale, "the plan is not the one approved");
  if (auto go = checkStopped(world); !go) return std::unexpected(go.error());
  if (auto open = checkLock(*plan, world); !open) return std::unexpected(open.error());
  if (auto inTime = checkInTime(run->second, world); !inTime) return std::unexpected(inTime.error());
  if (auto boot = checkBoot(*plan, world); !boot) return std::unexpected(boot.error());
  if (!world.sandboxProblem.empty()) {
    return fail(ErrorCode::Unavailable, "steps can't be confined here: " + world.sandboxProblem);
  }
  if (auto standing = checkStanding(*plan, world); !standing) return std::unexpected(standing.error());
  if (auto files = checkFiles(*plan); !files) return std::unexpected(files.error());
  const auto& service = *world.config.inventory.find(plan->target);
  std::set<std::string> seen;  // a later step on the same unit finds what the one before left
  for (const auto& step : plan->steps) {
    if (!step.action || !seen.insert(step.action->unit).second) continue;
    if (auto unit = checkUnit(step, service, world); !unit) return std::unexpected(unit.error());
  }
  for (const auto& step : plan->steps) {
    if (!step.act) continue;
    if (auto same = checkAct(*step.act, service, world); !same) return std::unexpected(same.error());
  }
  return plan;
}

base::Result<> checkContinuation(const RunState& run, const model::Plan& plan, const GateWorld& world) {
  if (auto go = checkStopped(world); !go) return go;
  if (auto inTime = checkInTime(run, world); !inTime) return inTime;
  return checkStanding(plan, world);
}

}  // namespace aiops::remediation
