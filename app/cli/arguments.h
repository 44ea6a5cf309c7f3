// The command line, taken apart.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::app {

enum class Mode {
  Console,
  Server,
  Executor,
  Demo,
  Analyze,
  Templates,
  Anomalies,
  Agents,
  Incidents,
  Fixes,
  Approve,
  Reject,
  DryRun,
  Stop,
  Resume,
  Unlock,
  AuditVerify,
  GenerateApiKey,
  Settings,
  Secret,
  Patterns,
  Knowledge,
  Help,
  Version,
};

/// What was asked for. Which members count depends on the mode.
struct Invocation {
  Mode mode = Mode::Console;
  std::string configFile;             ///< --config
  std::string listen;                 ///< --listen ADDRESS:PORT
  std::vector<std::string> watch;     ///< --watch PATH...
  std::vector<std::string> assigned;  ///< --set KEY=VALUE, once or more
  std::string scenario;               ///< demo SCENARIO, or "list"
  bool approve = false;               ///< demo --approve
  bool gui = false;                   ///< demo --gui
  bool failValidation = false;        ///< demo --fail-validation
  bool breakSomething = false;        ///< demo --break-something
  std::string id;                     ///< approve ID, reject ID
  std::string reason;                 ///< --reason
  std::string planHash;               ///< approve --plan
  std::string url;                    ///< --url: another instance than the local one
  bool json = false;                  ///< --json
  std::string verb;  ///< secret set, list, remove; patterns list, add, ...; knowledge export, import
  std::string file;  ///< anomalies FILE, knowledge export FILE
  std::vector<std::string> logs;   ///< patterns test --logs PATH...
  std::string against;             ///< patterns backtest --against VERSION
  bool inFile = false;             ///< secret set --file
  bool markdown = false;           ///< settings --markdown
  std::vector<std::string> paths;  ///< analyze PATH..., templates FILE
  std::string format;              ///< --format, one of those of the command
  bool contentOnly = false;        ///< templates --content-only
  std::string topology;            ///< analyze --topology FILE
  std::vector<std::string> zones;  ///< analyze --zone SERVICE=ZONE
  std::string name;                ///< generate-api-key --name
  std::string scope = "read";      ///< generate-api-key --scope
};

/// InvalidInput says which argument is wrong and what is allowed.
base::Result<Invocation> parseArguments(const std::vector<std::string>& arguments);

/// What --help prints.
std::string helpText();

}  // namespace aiops::app
