// Finds log files on this machine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/found_log.h"

namespace aiops::sources {

/// A place where services keep logs. `path` may hold `*` for one directory.
struct LogPlace {
  std::string path;
  bool namedLogsOnly = false;  ///< other files live there too: only *.log, *.err and *.out are logs
};

/// Where distributions and common services put them.
std::vector<LogPlace> usualLogPlaces();

struct DiscoveryOptions {
  std::vector<LogPlace> places = usualLogPlaces();
  size_t maxDepth = 4;
  size_t maxFiles = 500;
  size_t maxEntries = 20000;
  base::Duration maxTime = std::chrono::seconds(3);
  base::Duration recent = std::chrono::hours(24 * 7);  ///< written within this: worth watching
  std::string user;                                    ///< who needs the permission; empty: this process
  std::function<std::string(const std::string& path)> serviceOf;
};

/// Log files, the most recently written first. Left out: binary and compressed files, older generations of a
/// file that is there, what is no regular file; symbolic links to directories are not followed. What may not
/// be read, also a directory, is listed with its problem and the command that would allow it. When a limit
/// ends the search, `cutShort` says which.
struct Discovery {
  std::vector<model::FoundLog> logs;
  std::string cutShort;
};
Discovery discoverLogs(const DiscoveryOptions& options, const base::Clock& clock);

/// `path` as one argument of a shell, for a person to paste; empty when it holds what can't be shown exactly.
std::string shellQuoted(const std::string& path);

}  // namespace aiops::sources
