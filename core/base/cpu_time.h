// How much work a thread has done: what a measurement on a busy machine has to go by.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <time.h>

#include <functional>

#include "base/time.h"

namespace aiops::base {

/// Only differences mean something. Injected so that a test can supply its own.
using CpuClock = std::function<std::chrono::nanoseconds()>;

/// Processor time that the calling thread has used (CLOCK_THREAD_CPUTIME_ID): it stands still while the
/// thread waits or others have the processor. Compare values of one thread only.
inline std::chrono::nanoseconds threadCpuTime() {
  timespec ts{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
  return std::chrono::seconds(ts.tv_sec) + std::chrono::nanoseconds(ts.tv_nsec);
}

}  // namespace aiops::base
