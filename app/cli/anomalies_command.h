// `ai-ops-core anomalies`: how unusual the values of a series are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace aiops::app {

/// Reads `file` as a stream: CSV with the columns timestamp and value (named by a header, else the first
/// two). Times are ISO 8601, "2026-11-22 20:35:23" (UTC) or seconds, milliseconds or microseconds since 1970.
/// --format csv prints "timestamp,value,anomaly_score" for each row, text only the anomalies at the default
/// sensitivity. Returns the exit status; a row that can't be read ends it with the line's number.
int runAnomalies(const Invocation& invocation);

}  // namespace aiops::app
