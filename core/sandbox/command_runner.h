// The only place that starts a process. Runs one argument vector, confined: no shell, clean environment,
// closed descriptors, own session, Landlock, resource limits, time and output caps; everything the command
// started is ended with it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::sandbox {

/// What a command may do. Paths are absolute.
struct Confinement {
  std::vector<std::string> writablePaths;   ///< files or directories it may write below; nothing else
  std::vector<std::string> forbiddenPaths;  ///< never writable; unreadable unless world-readable
  std::chrono::milliseconds timeout{20000};
  size_t outputLimit = 64 * 1024;           ///< kept from the start, and as much from the end
  uint64_t cpuSeconds = 60;
  uint64_t maxFileBytes = 256ull << 20;     ///< RLIMIT_FSIZE
  unsigned maxProcesses = 64;               ///< of this command's tree; more ends it
};

/// How it went. A signal is never success.
struct CommandResult {
  enum class End { Exited, Signalled, TimedOut, Cancelled, TooManyProcesses };
  End end = End::Exited;
  int exitCode = -1;  ///< exit status, or the signal's number
  std::string output; ///< stdout and stderr as they came; the middle is cut with a note
  uint64_t outputBytes = 0;
  std::chrono::milliseconds elapsed{0};
  unsigned leftovers = 0;  ///< processes that outlived the command and were ended

  bool succeeded() const { return end == End::Exited && exitCode == 0; }
};

/// Called while a command runs (at least every 50 ms) and once with its pid right after the start.
struct RunHooks {
  std::function<void(int pid, const std::string& startTime)> started;
  std::function<bool()> cancelled;                       ///< true ends the command now
  std::function<void(const std::string& chunk)> output;  ///< for live display
};

/// Runs `argv` to its end. Blocks; call it from a single-threaded process (the executor).
/// Fails with Unavailable, and starts nothing, if a protection can't be set up.
base::Result<CommandResult> run(const std::vector<std::string>& argv, const Confinement& confinement,
                                const RunHooks& hooks = {});

/// What this kernel can enforce.
struct Capabilities {
  int landlockAbi = 0;  ///< 0: none
  bool subreaper = false;
  std::string problem;  ///< why confinement isn't possible, or empty
};
Capabilities probeCapabilities();

/// Ends the process tree of an earlier run after a crash: `pid` only if its start time (field 22 of
/// /proc/PID/stat) is still `startTime`. Returns how many were ended.
unsigned endLeftOver(int pid, const std::string& startTime);

}  // namespace aiops::sandbox
