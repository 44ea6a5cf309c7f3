// Times, spans of time and counts in the words of the console.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "base/time.h"
#include "model/status.h"

namespace aiops::ui {

/// "20:35:23.062", always UTC.
QString clockText(base::TimePoint time);
/// "20:35:23", always UTC.
QString clockSecondsText(base::TimePoint time);
/// "22 Nov", UTC, always seven columns or less.
QString dateText(base::TimePoint time);
/// Whether two moments lie on the same UTC day.
bool sameDay(base::TimePoint one, base::TimePoint other);
/// "20:35:23", with "22 Nov " in front when `time` is not on the day of `now`.
QString momentText(base::TimePoint time, base::TimePoint now);
/// "0.13 s", "42 s", "4.2 min", "3 h 58 m", "2 d 4 h". Negative spans have a minus sign.
QString spanText(base::Duration span);
/// "+1.44 s": how long after something.
QString delayText(base::Duration delay);
/// "5 662", with thin spaces.
QString countText(qint64 count);
/// "94 %" of a share from 0 to 1.
QString shareText(double share);
/// "12 datagrams came too fast, 2 lines cut": what a source has lost since the start; empty without a loss.
QString lossText(const model::SourceStatus& source);

}  // namespace aiops::ui
