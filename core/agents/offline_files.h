// Which files an offline analysis reads, and whose they are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::agents {

struct OfflineFile {
  std::string path;  ///< as it will be cited
  std::string service;
};

/// The files of `paths`, sorted, each once; a directory means all its *.log files. A path that is not there
/// or can't be read is an error.
base::Result<std::vector<std::string>> filesOf(const std::vector<std::filesystem::path>& paths);

/// The service of `names` that the base name (without .log) equals, else the longest that is its prefix
/// before
/// '-' or '.', else a service of the base name's own: nginx-error.log is nginx where there is an nginx.
std::string serviceOfFile(const std::filesystem::path& path, const std::set<std::string>& names);

}  // namespace aiops::agents
