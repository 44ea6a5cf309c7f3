// A plan: exactly what will run. An approval binds to its hash.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/host_act.h"
#include "model/service_unit.h"
#include "model/severity.h"

namespace aiops::model {

/// One argument vector that runs without a shell. argv[0] is an absolute path.
struct CommandSpec {
  std::vector<std::string> argv;
  std::chrono::milliseconds timeout{20000};
  std::vector<std::string> writablePaths;  ///< it may write below these and nowhere else
};

/// Whole-file replacement. `before` and `after` are the exact bytes.
struct FileEdit {
  std::string path;
  std::string before;
  std::string after;
  unsigned mode = 0644;  ///< permission bits, kept
  unsigned uid = 0;
  unsigned gid = 0;
  /// The tool's own checker; `{file}` in its arguments is the new file, before it takes the old one's place.
  std::optional<CommandSpec> check;
};

/// One step of a plan: a file edit, a command, a verb on a service's unit or an act on the host, with its
/// inverse and the check that tells whether it was applied.
struct PlanStep {
  std::string title;
  std::string kind;  ///< "config_edit", "command", "service" or "host"
  std::optional<FileEdit> edit;
  std::optional<ServiceAction> action;
  std::optional<HostAct> act;
  std::optional<CommandSpec> command;
  std::optional<CommandSpec> effectCheck;  ///< read-only; exit 0 applied, 1 not applied, else unknown
  bool idempotent = false;                 ///< may be tried again if the check proves "not applied"
  std::optional<CommandSpec> inverse;      ///< of a command; a file edit is undone by writing `before` back
  std::optional<CommandSpec> inverseEffectCheck;  ///< like effectCheck, for the inverse
  bool inverseDeferred = false;  ///< run the inverse after all others: it needs the earlier state restored

  /// False: it is irreversible.
  bool hasUndo() const {
    return edit || inverse || (action && !action->undoVerb.empty()) || (act && !act->undoLine.empty());
  }
};

/// How success is proved.
struct ValidatorSpec {
  std::string kind;  ///< "http", "log_quiet" or "service"
  std::string title;
  std::string url;           ///< http: loopback or configured service address
  int expectedStatus = 200;  ///< http
  std::string jsonPointer;   ///< http: a number in the JSON answer (RFC 6901), or empty
  double below = 0;          ///< http: that number must be less than this
  std::string patternId;     ///< log_quiet: this pattern must not match
  std::string service;       ///< log_quiet: in this service; service: its unit is active and stays so
  int probes = 3;            ///< checks that must pass, all of them
  std::chrono::milliseconds interval{1000};
  std::chrono::milliseconds settle{1000};  ///< wait before the first probe
};

/// One reason that raises (+) or lowers (-) the risk.
struct RiskReason {
  bool raises = true;
  std::string text;
};

/// Exactly what will run. canonicalHash() of it is what a person approves.
struct Plan {
  std::string playbookId;
  std::string playbookVersion;
  std::string playbookDigest;  ///< SHA-256 of the playbook file
  std::string policyDigest;    ///< SHA-256 of the execution policy in force
  std::string bootId;          ///< the host boot that observed the state
  std::string target;          ///< service acted on
  std::string incident;
  std::map<std::string, std::string> parameters;
  std::vector<PlanStep> steps;
  std::vector<ValidatorSpec> validators;
  Risk risk = Risk::High;
  std::vector<RiskReason> riskReasons;
  bool irreversible = false;  ///< some step has no inverse
};

/// SHA-256 over the canonical form: JSON with sorted keys, no white space, bytes in base64.
std::string canonicalHash(const Plan& plan);
/// The bytes that canonicalHash hashes.
std::string canonicalBytes(const Plan& plan);

void to_json(nlohmann::json& json, const Plan& value);
void from_json(const nlohmann::json& json, Plan& value);
void to_json(nlohmann::json& json, const CommandSpec& value);
void from_json(const nlohmann::json& json, CommandSpec& value);
void to_json(nlohmann::json& json, const ValidatorSpec& value);
void from_json(const nlohmann::json& json, ValidatorSpec& value);
void to_json(nlohmann::json& json, const PlanStep& value);
void from_json(const nlohmann::json& json, PlanStep& value);
void to_json(nlohmann::json& json, const FileEdit& value);
void from_json(const nlohmann::json& json, FileEdit& value);
void to_json(nlohmann::json& json, const RiskReason& value);
void from_json(const nlohmann::json& json, RiskReason& value);

}  // namespace aiops::model
