// Words and numbers as the console writes them, and the way from foreign bytes to a QString.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <chrono>
#include <string_view>

#include "base/time.h"
#include "model/fix.h"
#include "model/incident.h"

namespace aiops::ui {

/// Foreign bytes (log, file, process, model, configuration) as text that is safe to show: see
/// security::SafeText. Every string that was not written in this program goes through here, and is shown as
/// plain text.
QString safe(std::string_view foreign, size_t maxBytes = 4096);
/// As above on one line: a line feed shows as a visible mark, not as a break.
QString safeLine(std::string_view foreign, size_t maxBytes = 4096);

/// "20:35:23" in UTC, or "22 Nov 20:35" when it is not the day of `now`.
QString clockTimeOrDate(base::TimePoint time, base::TimePoint now);
/// "0.13 s", "4.2 min", "3 h 58 m".
QString durationText(std::chrono::milliseconds time);
/// "12:44", from an hour on "3 h 58 m"; never below "0:00".
QString timeLeftText(std::chrono::milliseconds left);
/// 0.94 as "94 %".
QString percentText(double share);
/// "INC-0231", "FIX-0087".
QString incidentName(uint64_t number);
QString fixName(uint64_t number);
/// "7c1e 90ab 4f22": the first `groups` groups of four of a hash.
QString shortHash(std::string_view hex, int groups = 3);
/// The part of a path after its last slash.
QString baseName(std::string_view path);

/// Translated words of the enumerations, capitalised as in a chip: "Critical", "Medium risk", "Awaiting
/// approval".
QString severityWord(model::Severity severity);
QString riskWord(model::Risk risk);
QString verdictWord(model::Verdict verdict);
QString incidentStateWord(model::IncidentState state);
QString fixStateWord(model::FixState state);
QString stepStateWord(model::StepState state);

}  // namespace aiops::ui
