// JSON of the values that consoles and the API show beside the pipeline's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/found_log.h"
#include "model/json.h"
#include "model/learning.h"
#include "model/pattern.h"
#include "model/pattern_type.h"
#include "model/setting.h"

namespace aiops::model {

AIOPS_DEFINE_ENUM_JSON(PatternOrigin, PatternOrigin::Edited)
AIOPS_DEFINE_ENUM_JSON(PatternKeyKind, PatternKeyKind::Groups)
AIOPS_DEFINE_ENUM_JSON(SettingType, SettingType::Secret)

AIOPS_DEFINE_JSON(PatternInfo, id, name, description, type, group, severity, signal, service, enabled, origin,
                  shadowsShipped, version, file, matchCount, eventCount, lastMatchAt, successRate,
                  falsePositiveRate, matchesPerDay, microsecondsPerLine, overBudget)
AIOPS_DEFINE_JSON(PatternVersion, version, at, by, text)
AIOPS_DEFINE_JSON(PatternDetail, info, text, versions, sampleProblems)
AIOPS_DEFINE_JSON(CaptureSpan, name, start, length)
AIOPS_DEFINE_JSON(PatternHit, source, service, line, time, text, spans, why)
AIOPS_DEFINE_JSON(PatternPreview, problem, problemLine, linesLookedAt, linesMatched, wouldFire, firings, hits,
                  nearMisses, sampleProblems, notes, microsecondsPerLine)
AIOPS_DEFINE_JSON(PatternKey, name, kind, help, required, unit, least, most, byDefault, choices, keys)
AIOPS_DEFINE_JSON(PatternType, type, title, help, keys)
AIOPS_DEFINE_JSON(Insight, id, kind, subject, statement, suggestion, cases, trust, at)
AIOPS_DEFINE_JSON(Metrics::Day, day, incidents, worked, undone, mttrMinutes)
AIOPS_DEFINE_JSON(Metrics, from, to, incidents, resolved, dismissed, fixesRun, fixesWorked, fixesUndone,
                  mttrMinutes, automationRate, falsePositiveRate, successRate, days)
AIOPS_DEFINE_JSON(SettingInfo, key, variable, group, help, type, value, defaultValue, origin, allowed,
                  choices, fixedBy, editable, reloadable, pendingRestart, pendingValue, isSet, keptIn)
AIOPS_DEFINE_JSON(FoundLog, path, service, format, bytes, changedAt, linesPerHour, readable, watched,
                  worthWatching, problem, howToAllow)
AIOPS_DEFINE_JSON(LogPreview, path, format, lines, problem)
AIOPS_DEFINE_JSON(SourceChoice, path, service)
AIOPS_DEFINE_JSON(AddedSource, path, service, by, at)

}  // namespace aiops::model
