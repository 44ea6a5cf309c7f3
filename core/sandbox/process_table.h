// The processes of this host as /proc shows them, and the tree below one of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aiops::sandbox {

/// One process at the moment of reading. `startTime` is field 22 of /proc/PID/stat: with the pid it names a
/// process for the life of this boot.
struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  char state = '?';
  unsigned threads = 0;
  std::string startTime;

  bool dead() const { return state == 'Z' || state == 'X' || state == 'x'; }
};

/// Parses the text of /proc/PID/stat; the command name in it may hold any byte.
std::optional<ProcessInfo> parseStat(const std::string& text);
std::optional<ProcessInfo> readProcess(pid_t pid);
/// Not a snapshot: processes come and go while /proc is read.
std::vector<ProcessInfo> listProcesses();

/// Those of `all` whose chain of parents leads to one of `roots`, roots included if they are in `all`.
std::vector<ProcessInfo> treeBelow(const std::vector<ProcessInfo>& all, const std::set<pid_t>& roots);

/// Sends `signal` to every process of `tree`, process group by process group (which no fork can outrun), then
/// one by one. Never signals the caller's own group.
void signalTree(const std::vector<ProcessInfo>& tree, int signal);

}  // namespace aiops::sandbox
