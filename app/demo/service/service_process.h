// What web and front share: readiness towards the supervisor and the wait for the signal to end.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/demo/service/options.h"

namespace aiops::demo {

/// Keeps SIGTERM and SIGINT for waitForEnd(). Call before the first thread.
void blockEndSignals();
/// Returns the signal that asks this process to end.
int waitForEnd();
/// Tells the supervisor, on the descriptor of `--ready-fd` if there is one, that the service takes requests;
/// `properties` (a JSON object) is what `ctl status` then reports of it.
void reportReady(const Options& options, const std::string& properties);

/// The programs. Each returns its exit status.
int runWeb(const Options& options);
int runFront(const Options& options);
int runTraffic(const Options& options);
int runSupervisor(const Options& options);
int runCtl(const Options& options);

/// Prints one line on standard error and returns `status`.
int failWith(const base::Error& error, int status);

}  // namespace aiops::demo
