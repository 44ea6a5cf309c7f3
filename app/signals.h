// SIGINT and SIGTERM as something to wait for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

#include "base/fd.h"

namespace aiops::app {

/// Blocks both signals in this thread and those it starts later: construct it after the executor was spawned
/// and before any thread. A signalfd tells of them.
class EndSignals {
 public:
  EndSignals();
  int fd() const { return m_fd.get(); }
  /// True when one came within the time.
  bool wait(std::chrono::milliseconds time) const;

 private:
  base::Fd m_fd;
};

/// For a program that serves others: a peer that is gone is an error of the write to it, not the end of this
/// program. Programs that a step starts get the usual disposition back (sandbox/launcher.h). Commands that
/// print for a pipe do without, so that `| head` ends them.
void ignoreBrokenPipes();

}  // namespace aiops::app
