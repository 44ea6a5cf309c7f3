// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/planner.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/bytes.h"
#include "model/json.h"
#include "remediation/edited_bytes.h"
#include "remediation/parameters.h"
#include "remediation/plan_codec.h"
#include "remediation/preconditions.h"
#include "remediation/risk.h"
#include "remediation/service_effect.h"
#include "remediation/service_manager.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::CommandSpec;
using model::PlanStep;

constexpr std::string_view kEvidence = "evidence";

/// What brings back the state from before `verb`.
std::string undoVerbOf(const std::string& verb, bool wasActive, bool mustReadAgain) {
  if (verb == "start") return "stop";
  if (verb == "stop") return "start";
  if (!wasActive) return "stop";
  return mustReadAgain ? verb : "start";
}

/// Makes one plan; holds what is known so far.
class Planner {
 public:
  Planner(const PlanRequest& request, const PlanningWorld& world) : m_request(request), m_world(world) {}

  Result<PlannedFix> make() {
    if (m_request.playbook.isByHand())
      return fail(ErrorCode::Conflict, "it is done by hand", m_request.playbook.id);
    m_target = m_request.inventory.find(m_request.hypothesis.service);
    if (!m_target) {
      return fail(ErrorCode::NotFound, "service is not in the inventory", m_request.hypothesis.service,
                  "list it under services: in the configuration");
    }
    if (auto ready = checkPreconditions(false); !ready) return std::unexpected(ready.error());
    if (auto resolved = resolve(); !resolved) return std::unexpected(resolved.error());
    for (const auto& step : m_request.playbook.steps) {
      auto made = makeStep(step);
      if (!made) return std::unexpected(made.error());
      m_plan.steps.push_back(*std::move(made));
    }
    for (const auto& validator : m_request.playbook.validators) {
      if (validator.optional && m_target->healthUrl.empty()) continue;
      auto made = makeValidator(validator);
      if (!made) return std::unexpected(made.error());
      addValidator(*std::move(made));
    }
    if (m_plan.validators.empty())
      return fail(ErrorCode::NotFound, "nothing here could prove that it worked", m_target->name);
    return finish();
  }

 private:
  Result<FileSnapshot> readTargetFile() {
    if (m_target->configFile.empty())
      return fail(ErrorCode::NotFound, "service has no config file", m_target->name);
    return m_world.readFile(m_target->configFile);
  }

  Result<> checkPreconditions(bool withParameters) {
    const PreconditionWorld world{*m_target, withParameters ? &m_plan.parameters : nullptr, m_world.readFile};
    for (const auto& condition : m_request.playbook.preconditions) {
      if (auto holds = checkPrecondition(condition, world); !holds) return holds;
    }
    return {};
  }

  Result<> resolve() {
    ParameterWorld world{*m_target, m_request.inventory, m_request.events, {}};
    if (needsFile()) {
      auto file = readTargetFile();
      if (!file) return std::unexpected(file.error());
      world.configBytes = file->bytes;
      m_files[m_target->configFile] = *std::move(file);
    }
    auto values = resolveParameters(m_request.playbook, world);
    if (!values) return std::unexpected(values.error());
    m_plan.parameters = *std::move(values);
    return checkPreconditions(true);
  }

  bool needsFile() const {
    const auto edits = [](const PlaybookStep& step) { return step.kind == "config_edit"; };
    const auto reads = [](const Parameter& parameter) {
      return parameter.source == ParameterSource::ConfigValue ||
             parameter.source == ParameterSource::AugeasValue;
    };
    return std::ranges::any_of(m_request.playbook.steps, edits) ||
           std::ranges::any_of(m_request.playbook.parameters, reads);
  }

  Result<PlanStep> makeStep(const PlaybookStep& source) {
    PlanStep step;
    step.title = fillText(source.title, m_plan.parameters);
    step.kind = source.kind;
    step.idempotent = source.idempotent;
    step.inverseDeferred = source.inverseDeferred;
    auto filled = source.kind == "config_edit" ? makeEdit(source, step)
                  : source.kind == "service"   ? makeAction(source, step)
                  : source.kind == "host"      ? makeAct(source, step)
                                               : makeCommands(source, step);
    if (!filled) return std::unexpected(filled.error());
    return step;
  }

  Result<> makeEdit(const PlaybookStep& source, PlanStep& step) {
    const std::string path = m_plan.parameters.at(source.fileParameter);
    if (auto allowed = checkEditPath(path, m_request.policy); !allowed) return allowed;
    FileSnapshot& file = m_files.at(path);  // as the steps before leave it
    auto after = editedBytes(source, m_plan.parameters, file.bytes);
    if (!after) return fail(after.error().code, after.error().what, path);
    if (*after == file.bytes) return fail(ErrorCode::Conflict, "the file already has this value", path);
    step.edit = model::FileEdit{path, file.bytes, *after, file.mode, file.uid, file.gid, {}};
    file.bytes = *std::move(after);
    return makeCheck(source, *step.edit);
  }

  /// The tool's own checker of the new file, where the service has one.
  Result<> makeCheck(const PlaybookStep& source, model::FileEdit& edit) {
    if (source.checkCommand.empty()) return {};
    if (!m_target->commands.contains(source.checkCommand)) {
      m_unsure.push_back("whether " + m_target->name + " takes the new file: it has no command '" +
                         source.checkCommand + "' to ask before");
      return {};
    }
    auto values = m_plan.parameters;
    values["file"] = "{file}";  // the name of the new file is known only when it is there
    auto command = makeCommand({source.checkCommand, {}, {}}, values);
    if (!command) return std::unexpected(command.error());
    edit.check = *std::move(command);
    return {};
  }

  Result<> makeAction(const PlaybookStep& source, PlanStep& step) {
    auto action = bindAction(*m_target, m_request.policy, source.verb);
    if (!action) return std::unexpected(action.error());
    if (!m_world.observe)
      return fail(ErrorCode::Unavailable, "the unit's state can't be seen", m_target->name);
    const auto now = m_world.observe(*m_target);
    if (!now) return std::unexpected(now.error());
    action->wasActive = now->active;
    if (alreadySo(source.verb, *now) || (source.verb == "reload" && !now->active)) {
      return fail(ErrorCode::Conflict, "there is nothing to " + source.verb + ": it is " + now->state,
                  m_target->name);
    }
    // What was changed before must be read again once it is as before.
    step.inverseDeferred = std::ranges::any_of(
        m_plan.steps, [](const PlanStep& earlier) { return earlier.edit || earlier.inverse; });
    bindUndo(*action, undoVerbOf(source.verb, now->active, step.inverseDeferred));
    action->reloadManager = source.reloadManager && action->manager == "systemd";
    if (source.timeout) action->timeout = *source.timeout;
    if (source.stability) action->stability = *source.stability;
    action->timeout = std::min<std::chrono::milliseconds>(action->timeout, m_request.policy.maxExecutionTime);
    step.action = *std::move(action);
    return {};
  }

  /// A supervisor that knows no `start` restarts instead; without a command for the undo there is none.
  void bindUndo(model::ServiceAction& action, const std::string& wanted) const {
    for (const std::string& verb : {wanted, std::string(wanted == "start" ? "restart" : "")}) {
      const auto undo = bindAction(*m_target, m_request.policy, verb);
      if (!undo) continue;
      action.undoVerb = verb;
      action.undoArgv = undo->argv;
      return;
    }
  }

  Result<> makeAct(const PlaybookStep& source, PlanStep& step) {
    if (!m_world.bind) return fail(ErrorCode::Unavailable, "the host can't be looked at", m_target->name);
    model::Facts arguments;
    for (const auto& [argument, parameter] : source.arguments)
      arguments[argument] = m_plan.parameters.at(parameter);
    const auto timeout = std::min<std::chrono::milliseconds>(
        source.timeout.value_or(model::HostAct{}.timeout), m_request.policy.maxExecutionTime);
    auto act = m_world.bind(*m_target, source.verb, arguments, timeout);
    if (!act) return std::unexpected(act.error());
    step.act = *std::move(act);
    return {};
  }

  Result<> makeCommands(const PlaybookStep& source, PlanStep& step) {
    const auto bind = [&](const std::optional<CommandUse>& use, std::optional<CommandSpec>& out) -> Result<> {
      if (!use) return {};
      auto command = makeCommand(*use, m_plan.parameters);
      if (!command) return std::unexpected(command.error());
      out = *std::move(command);
      return {};
    };
    if (auto bound = bind(source.command, step.command); !bound) return bound;
    if (auto bound = bind(source.effectCheck, step.effectCheck); !bound) return bound;
    if (auto bound = bind(source.inverse, step.inverse); !bound) return bound;
    return bind(source.inverseEffectCheck, step.inverseEffectCheck);
  }

  Result<CommandSpec> makeCommand(const CommandUse& use, const ParameterValues& values) {
    const auto found = m_target->commands.find(use.command);
    if (found == m_target->commands.end()) {
      return fail(ErrorCode::NotFound, "service has no command '" + use.command + "'", m_target->name);
    }
    auto argv = fillArguments(found->second, use.with, values);
    if (!argv) return fail(argv.error().code, argv.error().what, m_target->name + ".commands." + use.command);
    if (std::ranges::find(m_request.policy.allowedCommands, argv->front()) ==
        m_request.policy.allowedCommands.end()) {
      return fail(ErrorCode::PermissionDenied, "command is not allowed", argv->front(),
                  "list it under execution.allowed_commands");
    }
    CommandSpec spec{*std::move(argv), CommandSpec{}.timeout, m_target->writablePaths};
    if (use.timeout) spec.timeout = *use.timeout;
    spec.timeout = std::min<std::chrono::milliseconds>(spec.timeout, m_request.policy.maxExecutionTime);
    return spec;
  }

  Result<model::ValidatorSpec> makeValidator(const PlaybookValidator& source) {
    model::ValidatorSpec spec;
    spec.kind = source.kind;
    spec.title = fillText(source.title, m_plan.parameters);
    spec.expectedStatus = source.expectedStatus;
    spec.jsonPointer = source.jsonPointer;
    spec.below = source.below;
    spec.patternId = source.patternId;
    spec.probes = source.probes;
    spec.interval = source.interval;
    spec.settle = source.settle;
    if (source.kind == "log_quiet" || source.kind == "service") {
      spec.service = m_target->name;
    } else if (m_target->healthUrl.empty()) {
      return fail(ErrorCode::NotFound, "service has no health address", m_target->name);
    } else {
      spec.url = m_target->healthUrl;
    }
    return spec;
  }

  /// The pattern "evidence" stands for each pattern that found the trouble in the target.
  void addValidator(model::ValidatorSpec spec) {
    if (spec.kind != "log_quiet" || spec.patternId != kEvidence) return m_plan.validators.push_back(spec);
    std::set<std::string> patterns;
    for (const auto& event : m_request.events) {
      if (event.service == m_target->name && event.severity >= model::Severity::Warning)
        patterns.insert(event.patternId);
    }
    for (const auto& pattern : patterns) {
      spec.patternId = pattern;
      m_plan.validators.push_back(spec);
    }
  }

  PlannedFix finish() {
    const Playbook& playbook = m_request.playbook;
    m_plan.playbookId = playbook.id;
    m_plan.playbookVersion = playbook.version;
    m_plan.playbookDigest = playbook.digest;
    m_plan.policyDigest = policyDigest(m_request.policy);
    m_plan.bootId = m_world.bootId;
    m_plan.target = m_target->name;
    m_plan.incident = m_request.incident.id.str();
    fillRisk();
    PlannedFix out;
    out.title = fillText(playbook.title, m_plan.parameters);
    out.fixKind = playbook.fixKind;
    for (const auto& text : playbook.reaches) out.reaches.push_back(fillText(text, m_plan.parameters));
    for (const auto& text : playbook.unsure) out.unsure.push_back(fillText(text, m_plan.parameters));
    out.unsure.insert(out.unsure.end(), m_unsure.begin(), m_unsure.end());
    if (m_request.hypothesis.confidence < 0.9) {
      out.unsure.push_back(
          "the diagnosis: " + std::to_string(std::lround(m_request.hypothesis.confidence * 100)) +
          " % confident");
    }
    if (out.unsure.empty()) out.unsure.emplace_back("nothing known to be open");
    out.planHash = model::canonicalHash(m_plan);
    out.plan = std::move(m_plan);
    return out;
  }

  void fillRisk() {
    const Playbook& playbook = m_request.playbook;
    auto assessed = assessRisk(playbook.riskBase, m_plan.steps, m_plan.target, m_request.inventory,
                               m_request.hypothesis.confidence);
    m_plan.risk = assessed.risk;
    m_plan.irreversible = assessed.irreversible;
    for (const auto& text : playbook.riskRaises)
      m_plan.riskReasons.push_back({true, fillText(text, m_plan.parameters)});
    for (const auto& text : playbook.riskLowers)
      m_plan.riskReasons.push_back({false, fillText(text, m_plan.parameters)});
    m_plan.riskReasons.insert(m_plan.riskReasons.end(), assessed.reasons.begin(), assessed.reasons.end());
    std::ranges::stable_partition(m_plan.riskReasons, &model::RiskReason::raises);
  }

  const PlanRequest& m_request;
  const PlanningWorld& m_world;
  const model::ServiceEntry* m_target = nullptr;
  model::Plan m_plan;
  std::map<std::string, FileSnapshot> m_files;
  std::vector<std::string> m_unsure;
};

}  // namespace

PlanningWorld systemWorld(const model::ExecutionPolicy& policy) {
  PlanningWorld world;
  world.readFile = [policy](const std::string& path) -> Result<FileSnapshot> {
    if (auto allowed = checkEditPath(path, policy); !allowed) return std::unexpected(allowed.error());
    return readConfigFile(path);
  };
  world.bootId = currentBootId();
  return world;
}

base::Result<PlannedFix> makePlan(const PlanRequest& request, const PlanningWorld& world) {
  auto planned = Planner(request, world).make();
  if (planned && !parsePlan(model::canonicalBytes(planned->plan))) {
    return fail(ErrorCode::InvalidInput, "the plan has no canonical form: a name or path is not UTF-8");
  }
  return planned;
}

std::vector<const Playbook*> playbooksFor(const PlaybookSet& set, const model::Hypothesis& hypothesis) {
  std::vector<const Playbook*> out;
  for (const auto& playbook : set.playbooks) {
    if (std::ranges::find(playbook.cures, hypothesis.kind) != playbook.cures.end()) out.push_back(&playbook);
  }
  std::ranges::stable_partition(out, [](const Playbook* playbook) { return !playbook->isByHand(); });
  return out;
}

Advice adviceOf(const Playbook& playbook, const std::string& service) {
  const ParameterValues values{{"service", service}};
  Advice advice{.title = fillText(playbook.title, values), .steps = {}};
  for (const auto& step : playbook.byHand) advice.steps.push_back(fillText(step, values));
  return advice;
}

std::string Advice::text() const {
  std::string all = title + ":";
  for (size_t i = 0; i < steps.size(); ++i) all += " " + std::to_string(i + 1) + ") " + steps[i];
  return all;
}

std::string policyDigest(const model::ExecutionPolicy& policy) {
  const nlohmann::json json{{"allowedCommands", policy.allowedCommands},
                            {"forbiddenPaths", policy.forbiddenPaths},
                            {"writableRoots", policy.writableRoots},
                            {"protectedAddresses", policy.protectedAddresses},
                            {"maxExecutionTime", policy.maxExecutionTime.count()},
                            {"autoFix", policy.autoFix},
                            {"autoFixMaxRisk", toString(policy.autoFixMaxRisk)}};
  return base::sha256Hex(json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

std::string currentBootId() {
  std::string id = base::readFile("/proc/sys/kernel/random/boot_id", 256).value_or("");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

std::chrono::seconds approvalLifetime(model::Risk risk) {
  return risk == model::Risk::High ? std::chrono::minutes(15) : std::chrono::hours(4);
}

}  // namespace aiops::remediation
