// The JSON mapping of what engine and executor tell each other.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json.h"
#include "remediation/executor.h"

namespace aiops::remediation {
namespace {

using nlohmann::json;

json serviceToJson(const model::ServiceEntry& service) {
  return {{"name", service.name},
          {"logs", service.logs},
          {"dependsOn", service.dependsOn},
          {"configFile", service.configFile},
          {"healthUrl", service.healthUrl},
          {"commands", service.commands},
          {"manager", service.manager},
          {"unit", service.unit},
          {"writablePaths", service.writablePaths},
          {"executable", service.executable}};
}

model::ServiceEntry serviceFromJson(const json& value) {
  model::ServiceEntry service;
  value.at("name").get_to(service.name);
  value.at("logs").get_to(service.logs);
  value.at("dependsOn").get_to(service.dependsOn);
  value.at("configFile").get_to(service.configFile);
  value.at("healthUrl").get_to(service.healthUrl);
  value.at("commands").get_to(service.commands);
  value.at("manager").get_to(service.manager);
  value.at("unit").get_to(service.unit);
  value.at("writablePaths").get_to(service.writablePaths);
  value.at("executable").get_to(service.executable);
  return service;
}

json policyToJson(const model::ExecutionPolicy& policy) {
  return {{"allowedCommands", policy.allowedCommands},
          {"forbiddenPaths", policy.forbiddenPaths},
          {"writableRoots", policy.writableRoots},
          {"protectedAddresses", policy.protectedAddresses},
          {"maxExecutionTime", policy.maxExecutionTime.count()},
          {"autoFix", policy.autoFix},
          {"autoFixMaxRisk", policy.autoFixMaxRisk}};
}

model::ExecutionPolicy policyFromJson(const json& value) {
  model::ExecutionPolicy policy;
  value.at("allowedCommands").get_to(policy.allowedCommands);
  value.at("forbiddenPaths").get_to(policy.forbiddenPaths);
  value.at("writableRoots").get_to(policy.writableRoots);
  value.at("protectedAddresses").get_to(policy.protectedAddresses);
  policy.maxExecutionTime = std::chrono::seconds(value.at("maxExecutionTime").get<int64_t>());
  value.at("autoFix").get_to(policy.autoFix);
  value.at("autoFixMaxRisk").get_to(policy.autoFixMaxRisk);
  return policy;
}

}  // namespace

void to_json(json& out, const ExecutorConfig& value) {
  std::vector<std::string> directories;
  for (const auto& directory : value.playbookDirectories) directories.push_back(directory.string());
  json services = json::array();
  for (const auto& service : value.inventory.services) services.push_back(serviceToJson(service));
  out = {{"home", value.home.string()},
         {"playbookDirectories", directories},
         {"policy", policyToJson(value.policy)},
         {"services", services},
         {"validationTimeout", value.validationTimeout.count()},
         {"lockWait", value.lockWait.count()},
         {"approvalLifetimeHigh", value.approvalLifetimeHigh.count()},
         {"approvalLifetimeOther", value.approvalLifetimeOther.count()}};
}

void from_json(const json& in, ExecutorConfig& value) {
  value.home = in.at("home").get<std::string>();
  for (const auto& directory : in.at("playbookDirectories")) {
    value.playbookDirectories.emplace_back(directory.get<std::string>());
  }
  value.policy = policyFromJson(in.at("policy"));
  for (const auto& service : in.at("services")) value.inventory.services.push_back(serviceFromJson(service));
  value.validationTimeout = std::chrono::milliseconds(in.at("validationTimeout").get<int64_t>());
  value.lockWait = std::chrono::milliseconds(in.at("lockWait").get<int64_t>());
  value.approvalLifetimeHigh = std::chrono::seconds(in.at("approvalLifetimeHigh").get<int64_t>());
  value.approvalLifetimeOther = std::chrono::seconds(in.at("approvalLifetimeOther").get<int64_t>());
}

static std::string_view toString(ExecutorEvent::Kind kind) {
  switch (kind) {
    case ExecutorEvent::Kind::State:
      return "state";
    case ExecutorEvent::Kind::Step:
      return "step";
    case ExecutorEvent::Kind::Output:
      return "output";
  }
  return "state";
}

void to_json(json& out, const ExecutorEvent& value) {
  out = {{"kind", toString(value.kind)}, {"planHash", value.planHash}, {"state", value.state},
         {"detail", value.detail},       {"step", value.step},         {"progress", value.progress}};
}

void from_json(const json& in, ExecutorEvent& value) {
  const auto& kind = in.at("kind").get_ref<const std::string&>();
  for (const auto known :
       {ExecutorEvent::Kind::State, ExecutorEvent::Kind::Step, ExecutorEvent::Kind::Output}) {
    if (toString(known) == kind) value.kind = known;
  }
  in.at("planHash").get_to(value.planHash);
  in.at("state").get_to(value.state);
  in.at("detail").get_to(value.detail);
  in.at("step").get_to(value.step);
  in.at("progress").get_to(value.progress);
}

void to_json(json& json, const RunReport& value);
void from_json(const json& json, RunReport& value);
AIOPS_DEFINE_JSON(RunReport, planHash, target, incident, state, detail, approvedBy, steps)
AIOPS_DEFINE_JSON(ExecutorStatus, pid, bootId, policyDigest, stopped, stoppedBy, stopReason, stoppedSince,
                  recoveryPending, runs, lockedTargets, sandboxProblem, notices, auditSequence, auditHash)

}  // namespace aiops::remediation
