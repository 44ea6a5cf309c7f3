// Silences and maintenance windows in words, and what a person types for one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QTimeZone>
#include <optional>

#include "model/quiet_rules.h"

namespace aiops::ui {

/// "web, db"; `none` for an empty list.
QString namesText(const std::vector<std::string>& names, const QString& none);
/// "web, db", "pattern out_of_memory" or "out_of_memory in web".
QString quietWhat(const model::Silence& silence);
QString quietWhat(const model::MaintenanceWindow& window);
/// "Mon, Wed 02:30 Europe/Paris, for 1 h".
QString repeatText(const model::MaintenanceWindow& window);
/// "mon" as "Mon".
QString dayText(const std::string& day);
/// "2 silences, 1 window"; empty for none.
QString quietCounts(uint64_t silences, uint64_t windows);

/// "30 min", "2 h", "1 h 30 min", "2 d".
QString minutesText(std::chrono::minutes span);
/// "Sun 29 Nov 20:35" by the clocks of a zone.
QString zonedText(base::TimePoint time, const QTimeZone& zone);
/// "20:35" in UTC, with "30 Nov " in front when it is not on the day of `now`.
QString shortMomentText(base::TimePoint time, base::TimePoint now);
/// "Sun 29 Nov 20:35 UTC", and by the clocks here where they differ.
QString momentBothText(base::TimePoint time, const QTimeZone& here);
/// "Sun 29 Nov 02:30 to 03:30 Europe/Paris, here 01:30 to 02:30 UTC" of an opening.
QString openingText(const model::Opening& opening, const QTimeZone& there, const QTimeZone& here);

/// What "90", "90 min", "2 h", "1 h 30 min" or "2 d" says; nothing for anything else, and for zero.
std::optional<std::chrono::minutes> spanOf(const QString& text);
/// A span from now, "18:30" (the next one by the clocks here) or "2026-11-30 18:30". Nothing for anything
/// else, and for what is over.
std::optional<base::TimePoint> untilOf(const QString& text, base::TimePoint now, const QTimeZone& here);
/// The next 8:00 that is not today.
base::TimePoint tomorrowMorning(base::TimePoint now, const QTimeZone& here);

/// What a window may name as its zone, in order; UTC first.
QStringList zoneNames();
/// That of this machine, or UTC.
QString zoneHere();

}  // namespace aiops::ui
