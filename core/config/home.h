// The directory that holds all state of one instance.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.h"

namespace aiops::config {

/// AIOPS_HOME, else $XDG_DATA_HOME/ai-ops-core, else $HOME/.local/share/ai-ops-core. InvalidInput when none
/// gives an absolute path.
base::Result<std::filesystem::path> homeFromEnvironment(
    const std::map<std::string, std::string>& environment);

/// Names of what lies in a home. A plain value; the paths are absolute.
class Home {
 public:
  /// Creates the directory and its parts, each 0700. Io when that fails, PermissionDenied when it belongs to
  /// another user.
  static base::Result<Home> create(const std::filesystem::path& path);
  /// Without touching the disk; for the command line, which asks a running instance.
  explicit Home(std::filesystem::path path) : m_path(std::move(path)) {}

  const std::filesystem::path& path() const { return m_path; }
  std::filesystem::path database() const { return m_path / "ai-ops-core.db"; }
  std::filesystem::path consoleSettings() const { return m_path / "settings.yaml"; }
  std::filesystem::path executorDir() const { return m_path / "executor"; }  ///< journal, keys, audit chain
  std::filesystem::path runDir() const { return m_path / "run"; }  ///< gone-able: keys and sockets of now
  std::filesystem::path localKeyFile() const { return runDir() / "local.key"; }

 private:
  std::filesystem::path m_path;
};

}  // namespace aiops::config
