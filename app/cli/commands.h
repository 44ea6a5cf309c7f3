// The commands that ask a running instance, or the home's own files when there is none.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// Exit statuses of the program.
inline constexpr int kDone = 0, kNegative = 1, kBadUsage = 2, kCouldNotRun = 3;

/// Prints "ai-ops-core: ..." on standard error as one line and returns `status`.
int complain(const base::Error& error, int status = kCouldNotRun);

/// Runs one of Incidents, Fixes, Approve, Reject, Stop, Resume, AuditVerify, GenerateApiKey.
int runCommand(const Invocation& invocation);

}  // namespace aiops::app
