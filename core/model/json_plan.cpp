// The JSON mapping of a plan, and its canonical form. A part that older plans did not have is left out where
// it is empty: a plan's bytes, and with them its hash, stay what they were.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "model/dry_run.h"
#include "model/json.h"
#include "model/plan.h"

namespace aiops::model {

AIOPS_DEFINE_JSON(UnitState, unit, active, state, invocation, mainPid, restarts, changedAt, note)
AIOPS_DEFINE_JSON(ServiceAction, manager, unit, verb, undoVerb, wasActive, reloadManager, argv, undoArgv,
                  stateArgv, identityArgv, writablePaths, timeout, stability)
AIOPS_DEFINE_JSON(HostAct, verb, arguments, seen, timeout, line, undoLine)
AIOPS_DEFINE_JSON(ValidatorSpec, kind, title, url, expectedStatus, jsonPointer, below, patternId, service,
                  probes, interval, settle)
AIOPS_DEFINE_JSON(RiskReason, raises, text)
AIOPS_DEFINE_JSON(Plan, playbookId, playbookVersion, playbookDigest, policyDigest, bootId, target, incident,
                  parameters, steps, validators, risk, riskReasons, irreversible)
AIOPS_DEFINE_JSON(DryRunCheck, what, ok, detail)

void to_json(nlohmann::json& json, const DryRun& value) {
  json = {{"ok", value.ok()}, {"checks", value.checks}};
}

void from_json(const nlohmann::json& json, DryRun& value) {
  json.at("checks").get_to(value.checks);
}

namespace {

std::string decodeBase64(const nlohmann::json& json) {
  auto bytes = base::fromBase64(json.get_ref<const std::string&>());
  if (!bytes) throw nlohmann::json::type_error::create(302, bytes.error().what, &json);
  return *std::move(bytes);
}

template <class T>
void readOptional(const nlohmann::json& json, const char* key, T& target) {
  if (const auto found = json.find(key); found != json.end()) found->get_to(target);
}

}  // namespace

void to_json(nlohmann::json& json, const CommandSpec& value) {
  json = {{"argv", value.argv}, {"timeout", value.timeout}};
  if (!value.writablePaths.empty()) json["writablePaths"] = value.writablePaths;
}

void from_json(const nlohmann::json& json, CommandSpec& value) {
  readOptional(json, "argv", value.argv);
  readOptional(json, "timeout", value.timeout);
  readOptional(json, "writablePaths", value.writablePaths);
}

void to_json(nlohmann::json& json, const PlanStep& value) {
  json = {{"title", value.title},
          {"kind", value.kind},
          {"edit", value.edit},
          {"command", value.command},
          {"effectCheck", value.effectCheck},
          {"idempotent", value.idempotent},
          {"inverse", value.inverse},
          {"inverseEffectCheck", value.inverseEffectCheck},
          {"inverseDeferred", value.inverseDeferred}};
  if (value.action) json["action"] = *value.action;
  if (value.act) json["act"] = *value.act;
}

void from_json(const nlohmann::json& json, PlanStep& value) {
  readOptional(json, "title", value.title);
  readOptional(json, "kind", value.kind);
  readOptional(json, "edit", value.edit);
  readOptional(json, "command", value.command);
  readOptional(json, "effectCheck", value.effectCheck);
  readOptional(json, "idempotent", value.idempotent);
  readOptional(json, "inverse", value.inverse);
  readOptional(json, "inverseEffectCheck", value.inverseEffectCheck);
  readOptional(json, "inverseDeferred", value.inverseDeferred);
  readOptional(json, "action", value.action);
  readOptional(json, "act", value.act);
}

void to_json(nlohmann::json& json, const FileEdit& value) {
  json = {{"path", value.path},
          {"before", base::toBase64(value.before)},
          {"after", base::toBase64(value.after)},
          {"mode", value.mode},
          {"uid", value.uid},
          {"gid", value.gid}};
  if (value.check) json["check"] = *value.check;
}

void from_json(const nlohmann::json& json, FileEdit& value) {
  value.path = json.at("path").get<std::string>();
  value.before = decodeBase64(json.at("before"));
  value.after = decodeBase64(json.at("after"));
  value.mode = json.at("mode").get<unsigned>();
  value.uid = json.at("uid").get<unsigned>();
  value.gid = json.at("gid").get<unsigned>();
  readOptional(json, "check", value.check);
}

std::string canonicalBytes(const Plan& plan) {
  return nlohmann::json(plan).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string canonicalHash(const Plan& plan) {
  return base::sha256Hex(canonicalBytes(plan));
}

}  // namespace aiops::model
