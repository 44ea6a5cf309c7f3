// .env files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::config {

struct EnvEntry {
  std::string name;
  std::string value;
  int line = 0;  ///< from 1; where it begins
};

/// `NAME=value` lines as shells and docker write them: `#` begins a comment at the start of a line and after
/// a blank; `export` may stand before the name; a value may stand in single quotes (as it is) or double
/// quotes
/// (\n \t \r \" \\ \$ are escapes), and then may hold line ends. Nothing is expanded or run. InvalidInput
/// names `label:line`.
base::Result<std::vector<EnvEntry>> parseEnvFile(const std::string& bytes, const std::string& label);

struct EnvFile {
  std::vector<EnvEntry> entries;
  bool othersCanRead = false;
};

/// Nothing when there is no such file. PermissionDenied when it could have been written by someone else: it
/// belongs neither to this user nor to root, or everyone may write it.
base::Result<std::optional<EnvFile>> readEnvFile(const std::filesystem::path& path, const std::string& label);

}  // namespace aiops::config
