// `patterns test`, `patterns backtest` and `patterns lint`: patterns over files, without changing anything.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// What the patterns of the file match, line by line with what they capture. Negative: a sample is judged
/// wrongly, or a document is broken.
int testPatterns(const Invocation& invocation);

/// What the patterns of the file would have found, what that costs, and the difference to the version in
/// force (or the one of --against).
int backtestPatterns(const Invocation& invocation);

/// Which patterns of the file are too broad, never hit, twice there or too dear. Negative: some are.
int lintPatterns(const Invocation& invocation);

}  // namespace aiops::app
