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

}  // namespace aiops::app
