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
  std::chrono::milliseconds grace{2000};  ///< between SIGTERM and SIGKILL after a time-out or a cancel
  size_t outputLimit = 64 * 1024;         ///< kept from the start, and as much from the end
  uint64_t cpuSeconds = 60;
  uint64_t maxFileBytes = 256ull << 20;  ///< RLIMIT_FSIZE
  unsigned maxProcesses = 64;            ///< of this command's tree; more ends it
};

/// How it went. A signal is never success.
struct CommandResult {
  enum class End { Exited, Signalled, TimedOut, Cancelled, TooManyProcesses };
  End end = End::Exited;
  int exitCode = -1;   ///< exit status, or the signal's number
  std::string output;  ///< stdout and stderr as they came; the middle is cut with a note
  uint64_t outputBytes = 0;
  std::chrono::milliseconds elapsed{0};
  unsigned leftovers = 0;  ///< processes that outlived the command and were ended

  bool succeeded() const { return end == End::Exited && exitCode == 0; }
};

/// Called on the thread of run() while a command runs.
struct RunHooks {
  /// Once, before the command's first instruction: the program is executed only after this returns, so that a
  /// journal can hold the pid first. Also called when the program then turns out not to exist.
  std::function<void(int pid, const std::string& startTime)> started;
  std::function<bool()> cancelled;  ///< asked at least every 50 ms; true ends the command
  /// For live display; bounded: nothing more after 2 * outputLimit bytes.
  std::function<void(const std::string& chunk)> output;
};

/// Runs `argv` to its end and ends everything that it started, also what called setsid and lost its parent.
/// Blocks; call it from a single-threaded process (the executor). From the first call on, that process is a
/// subreaper, and children that appear while a command runs count as the command's.
///
/// The command gets: exactly `argv`; PATH and LANG=C.UTF-8 and no other variable; directory "/"; umask 077;
/// stdin empty; stdout and stderr on one pipe; no other descriptor; a session of its own; no new privileges;
/// no core dump; default signal handling. It may read what is not forbidden, write below writablePaths and to
/// /dev/null, and (Landlock ABI 6) signal only its own tree. The network is left alone.
///
/// Failures: InvalidInput (empty argv, argv[0] not absolute, NUL in an argument, bad path); NotFound or
/// PermissionDenied (the program, a writable path that does not exist); Unavailable, with nothing executed,
/// if a protection can't be set up; Timeout if something can't be ended (a process stuck in the kernel).
base::Result<CommandResult> run(const std::vector<std::string>& argv, const Confinement& confinement,
                                const RunHooks& hooks = {});

/// What this kernel can enforce.
struct Capabilities {
  int landlockAbi = 0;  ///< 0: none
  bool subreaper = false;
  std::string problem;  ///< why confinement isn't possible, or empty
};
Capabilities probeCapabilities();

/// Ends the process tree of an earlier run after a crash: `pid`, its descendants and its session, only if its
/// start time (field 22 of /proc/PID/stat) is still `startTime`. If `pid` itself is gone (it dies with the
/// executor), the rest of its session is ended, as far as it carries our marks (younger than `startTime`, no
/// new privileges). Returns how many were ended. Processes that left the session and lost their parent can't
/// be found any more.
unsigned endLeftOver(int pid, const std::string& startTime);

}  // namespace aiops::sandbox
