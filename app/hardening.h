// What the long-running process does so that its memory stays its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace aiops::app {

/// No core dump of this process (the limit holds for what it starts too), and no other process of this user
/// may attach to it or read its memory: it holds API keys and tokens. A debugger then needs CAP_SYS_PTRACE;
/// without effect on the second half under AddressSanitizer, whose leak check has to look into the process.
/// Children that execute another program may be looked into again. prctl(2) PR_SET_DUMPABLE, setrlimit(2)
/// RLIMIT_CORE.
void keepMemoryPrivate();

}  // namespace aiops::app
