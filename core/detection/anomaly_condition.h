// What is not as it usually is, as conditions of a series. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detection/time_condition.h"

namespace aiops::detection {

/// * rate: the number of records in each `bucket`, judged by a Baseline (baseline.h) when the bucket is over.
/// * value: each value, judged by a Baseline at once.
/// * silence: nothing for `4.5 / sensitivity` times the longest usual pause, but for six seconds at least,
/// after fifty
///   records.
/// An anomaly is told once; a new level is learnt. Of the other kinds of AnomalyOf there is no condition
/// (null).
std::unique_ptr<TimeCondition> makeAnomalyCondition(const AnomalyKind& kind, double sensitivity,
                                                    base::Duration lateness);

}  // namespace aiops::detection
