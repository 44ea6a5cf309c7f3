// Playbooks: the catalogue of what a fix may do. One YAML file each, strict: an unknown key, a wrong type or
// a missing part refuses the file with file, line and reason; the other files still load. docs:
// resources/playbooks/raise-memory-limit.yaml is the commented example of every key.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/severity.h"

namespace aiops::remediation {

/// What a parameter's value must be. Each type is a closed grammar; nothing else becomes part of a plan.
enum class ParameterType : uint8_t {
  Integer,         ///< decimal digits with an optional minus, within [min, max]
  Identifier,      ///< [A-Za-z][A-Za-z0-9_.-]{0,63}
  ServiceName,     ///< a service of the inventory
  ServiceFile,     ///< the target service's config file, from the inventory
  ServiceCommand,  ///< the name of a command of the target service, from the inventory
  Path,            ///< absolute and in normal form; whether it may be touched is for the step
  Addresses,       ///< IP addresses, at most 64, separated by commas
};

/// Where a parameter's value comes from.
enum class ParameterSource : uint8_t {
  Fixed,           ///< `default:` in the playbook
  Target,          ///< `from: target`: the service that the hypothesis names
  TargetFile,      ///< `from: target.config_file`
  AugeasValue,     ///< `from: augeas` with `lens:` and `path:`: a node of the target's config file
  ConfigValue,     ///< `from: config.NAME`: the value, in the target's config file, of the key that parameter
                   ///< NAME holds
  OtherParameter,  ///< `from: parameter.NAME`
  Capture,         ///< `from: capture.NAME`: a captured value of the evidence events; tainted until validated
  Tally,           ///< `from: tally`: the values that the target's evidence events tally; tainted as well
  TargetLog,       ///< `from: target.log`: the first log file of the service
};

struct Parameter {
  std::string name;
  ParameterType type = ParameterType::Identifier;
  ParameterSource source = ParameterSource::Fixed;
  std::string sourceName;  ///< NAME of the source
  std::string fixedValue;  ///< of ParameterSource::Fixed
  int64_t min = INT64_MIN;
  int64_t max = INT64_MAX;
  std::string lens;   ///< of ParameterSource::AugeasValue
  std::string path;   ///< the same; `{parameter}` is replaced
  int64_t scale = 1;  ///< integer: the source's value is multiplied by this (overflow is an error)
};

/// What must hold before a plan is made.
struct Precondition {
  enum class Kind : uint8_t { ServiceKnown, ConfigFile, ConfigInteger, Command, Manager };
  Kind kind = Kind::ServiceKnown;
  std::string
      name;  ///< ConfigInteger: the parameter that holds the key; Command: the inventory's command name
};

/// A command of the inventory. A placeholder `{x}` (a whole argument) takes parameter `with[x]`, else
/// parameter `x`.
struct CommandUse {
  std::string command;
  std::map<std::string, std::string> with;
  std::optional<std::chrono::milliseconds> timeout;
};

/// A node that an Augeas edit changes.
struct NodeEdit {
  std::string path;            ///< `{parameter}` is replaced
  std::string valueParameter;  ///< empty: the node is removed
};

struct PlaybookStep {
  std::string title;
  std::string kind;  ///< "config_edit", "command", "service" or "host"
  // config_edit
  std::string fileParameter;  ///< of type service_file
  std::string keyParameter;   ///< format keyvalue: of type identifier
  std::string valueParameter;
  std::string lens;             ///< format augeas: the lens' name; empty: keyvalue
  std::vector<NodeEdit> nodes;  ///< format augeas
  bool createNodes = false;     ///< format augeas: nodes that are not there may be made
  std::string checkCommand;     ///< run on the new file where the service has a command of this name
  // host
  std::map<std::string, std::string> arguments;  ///< of the verb -> parameter
  // service, host
  std::string verb;
  bool reloadManager = false;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::chrono::milliseconds> stability;
  // command
  std::optional<CommandUse> command;
  std::optional<CommandUse> effectCheck;
  std::optional<CommandUse> inverse;
  std::optional<CommandUse> inverseEffectCheck;
  bool inverseDeferred = false;
  bool idempotent = false;
};

struct PlaybookValidator {
  /// "http" (the target's health URL), "log_quiet" (in the target's logs) or "service" (its unit stays
  /// active)
  std::string kind;
  bool optional = false;  ///< http: left out where the target has no health URL
  std::string title;
  int expectedStatus = 200;
  std::string jsonPointer;
  double below = 0;
  std::string patternId;  ///< log_quiet; "evidence": each pattern that found the trouble in the target
  int probes = 3;
  std::chrono::milliseconds interval{1000};
  std::chrono::milliseconds settle{1000};
};

struct Playbook {
  std::string id;
  std::string version;
  std::string title;                  ///< `{parameter}` is replaced
  std::string fixKind;                ///< for example "raise_limit"
  std::vector<std::string> cures;     ///< root-cause kinds
  std::vector<std::string> byHand;    ///< what a person does, in order; then there are no steps
  std::vector<Parameter> parameters;  ///< each may use those before it
  std::vector<Precondition> preconditions;
  std::vector<PlaybookStep> steps;
  std::vector<PlaybookValidator> validators;
  model::Risk riskBase = model::Risk::High;
  std::vector<std::string> riskRaises;  ///< reasons in words, `{parameter}` is replaced
  std::vector<std::string> riskLowers;
  std::vector<std::string> reaches;
  std::vector<std::string> unsure;
  std::string file;    ///< where it was read
  std::string digest;  ///< SHA-256 of the file's bytes

  const Parameter* parameter(const std::string& name) const;
  /// Nothing here can do it: it is told to a person, and never becomes a plan.
  bool isByHand() const { return !byHand.empty(); }
};

struct PlaybookSet {
  std::vector<Playbook> playbooks;    ///< by id
  std::vector<base::Error> problems;  ///< one a broken file; `where` is file:line

  const Playbook* find(const std::string& id) const;
};

/// [A-Za-z][A-Za-z0-9_.-]{0,63}: never an option, a path or a number.
bool isIdentifier(const std::string& text);

/// Reads one playbook from its bytes; `file` is for messages.
base::Result<Playbook> parsePlaybook(const std::string& bytes, const std::string& file);

/// All `*.yaml` of the directories. Of two files with one id the later is a problem. A directory that is
/// missing is a problem too.
PlaybookSet loadPlaybooks(const std::vector<std::filesystem::path>& directories);

}  // namespace aiops::remediation
