// The settings of one run: defaults < configuration file < environment < command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/inventory.h"

namespace aiops::config {

/// A file to watch. `service` writes it.
struct SourceSetting {
  std::string path;
  std::string service;
};

/// A plain value; copy it freely.
struct Settings {
  std::string home;
  std::string listenAddress = "127.0.0.1";
  uint16_t listenPort = 8500;  ///< 0: any free port
  std::vector<SourceSetting>
      sources;  ///< of `sources:`, then the logs of `services:`, then the watched paths
  model::Inventory inventory;
  model::ExecutionPolicy execution;
};

/// What the world gives. `environment` is passed in, so that a test or the demo can supply its own.
struct LoadRequest {
  std::optional<std::filesystem::path> configFile;  ///< must exist when given
  std::map<std::string, std::string> environment;
  std::optional<std::string> listen;  ///< "ADDRESS:PORT"
  std::vector<std::string> watch;     ///< absolute paths of files; added to the configured sources
};

/// InvalidInput names file:line (or the variable or option), what is wrong and what is allowed. Unknown keys
/// and repeated names are errors, so that a misspelling is never a setting without effect.
base::Result<Settings> loadSettings(const LoadRequest& request);

/// A service name for a log file: its base name up to the first '-' or '.'; "web" of
/// "/var/log/web-error.log".
std::string serviceOfPath(const std::string& path);

/// All variables of this process.
std::map<std::string, std::string> processEnvironment();

}  // namespace aiops::config
