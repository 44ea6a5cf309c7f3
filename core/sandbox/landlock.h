// The Landlock rules of one command: reads and executes everywhere but where forbidden, writes only where
// allowed. Landlock only grants, and a grant covers everything below. To keep one path out, its siblings are
// granted on each level up to the root; so a directory above a forbidden path takes no new entries itself,
// even when writable. Not covered by Landlock: chmod, chown, time stamps and extended attributes, connections
// to path sockets, and a forbidden file reached by another hard link or bind mount.
// https://docs.kernel.org/userspace-api/landlock.html
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::sandbox {

/// The kernel's Landlock ABI, 0 when there is none.
int landlockAbi();

/// A ruleset ready for restrictSelf(). Fails with Unavailable without Landlock, NotFound when a writable path
/// does not exist, InvalidInput for a relative path.
base::Result<base::Fd> buildRuleset(const std::vector<std::string>& writablePaths,
                                    const std::vector<std::string>& forbiddenPaths);

/// Enforces the ruleset on this thread and all it starts, for good. Needs no_new_privs. Async-signal safe: 0
/// or errno.
int restrictSelf(int rulesetFd);

}  // namespace aiops::sandbox
