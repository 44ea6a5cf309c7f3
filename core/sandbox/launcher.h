// Starts one confined process: everything between fork and execve.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "sandbox/command_runner.h"

namespace aiops::sandbox {

/// A child that waits for release() before it executes its program.
struct LaunchedChild {
  pid_t pid = -1;
  base::Fd pidfd;    ///< readable once the child has ended
  base::Fd output;   ///< its stdout and stderr; non-blocking
  base::Fd failure;  ///< a LaunchFailure if the program was not reached, end of file otherwise; non-blocking
  base::Fd go;

  /// Lets the child go on to its program.
  base::Result<> release();
};

/// What the child says over `failure`.
struct LaunchFailure {
  enum class Stage : int { Confine, Execute };
  Stage stage;
  int error;
};
base::Error toError(const LaunchFailure& failure, const std::string& program);

/// Forks. When this returns, the child leads a session of its own (or is dead already). It dies with the
/// calling thread.
base::Result<LaunchedChild> launch(const std::vector<std::string>& argv, const Confinement& confinement);

}  // namespace aiops::sandbox
