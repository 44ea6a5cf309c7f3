// The services this program knows: what a fix may touch must be listed here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "model/severity.h"

namespace aiops::model {

/// One service of the configuration file (`services:`).
struct ServiceEntry {
  std::string name;
  std::vector<std::string> logs;       ///< files it writes
  std::vector<std::string> dependsOn;  ///< names of services
  std::string configFile;              ///< absolute path, or empty
  std::string healthUrl;               ///< for probes, or empty
  /// Named argument vectors, argv[0] absolute: "restart", "status" ... `{key}` in an argument is replaced by
  /// a validated plan parameter.
  std::map<std::string, std::vector<std::string>> commands;
  std::string manager;                     ///< "systemd", "docker", "commands" or empty: how it is restarted
  std::string unit;                        ///< systemd: the unit; docker: the container
  std::vector<std::string> writablePaths;  ///< what its commands may write below
  std::string executable;                  ///< the program that its processes run, or empty
};

struct Inventory {
  std::vector<ServiceEntry> services;

  const ServiceEntry* find(const std::string& name) const {
    for (const auto& entry : services) {
      if (entry.name == name) return &entry;
    }
    return nullptr;
  }
};

/// What steps may do, from `execution:` of the configuration file.
struct ExecutionPolicy {
  std::vector<std::string> allowedCommands;  ///< absolute executables
  std::vector<std::string> forbiddenPaths;   ///< never writable; unreadable unless world-readable
  std::vector<std::string>
      writableRoots;  ///< where config_edit may write: directories of services' config files
  std::vector<std::string> protectedAddresses;  ///< addresses and networks that no fix may block
  std::chrono::seconds maxExecutionTime{300};
  bool autoFix = false;             ///< may anything run that no person approved?
  Risk autoFixMaxRisk = Risk::Low;  ///< ... and up to which risk
};

}  // namespace aiops::model
