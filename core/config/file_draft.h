// What is read from files before it is checked as a whole; for the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "config/settings.h"
#include "config/yaml_fields.h"

namespace aiops::config {

// A value that others are checked against once the whole file is read.
template <class T>
struct Placed {
  T value;
  Yaml place;
};

struct FileDraft {
  Settings settings;
  std::vector<Placed<SourceSetting>> sources;
  std::vector<Placed<model::ServiceEntry>> services;
};

// The readers of the rows that are lists.
base::Result<> readSources(const Yaml& value, FileDraft& draft);
base::Result<> readServices(const Yaml& value, FileDraft& draft);
base::Result<> readAllowedCommands(const Yaml& value, FileDraft& draft);
base::Result<> readForbiddenPaths(const Yaml& value, FileDraft& draft);
base::Result<> readProtectedAddresses(const Yaml& value, FileDraft& draft);

/// Services checked against each other and the execution policy, sources given their services, the watched
/// paths added.
base::Result<> completeLists(FileDraft& draft, const std::vector<std::string>& watched);

/// The keys that an entry of `sources` or `services` may have, each with its help; for the documentation.
std::vector<std::pair<std::string, std::string>> sourceKeys();
std::vector<std::pair<std::string, std::string>> serviceKeys();

}  // namespace aiops::config
