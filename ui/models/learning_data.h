// What the learning panel shows, worked out from the answers of the engine. Pure functions: tested without a
// window. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "model/calibration.h"
#include "model/fix.h"
#include "model/learning.h"
#include "models/figure_model.h"

namespace aiops::ui {

/// Fewer days with a value are no chart: words say how many there are.
inline constexpr int kLeastCases = 3;

/// "worked", "undone", "failed".
QString outcomeText(model::OutcomeResult result);

/// One step of the ledger: an outcome, and what it made of the trust in its playbook there.
struct LedgerRow {
  QString id;
  std::string incident;
  base::TimePoint at;
  model::OutcomeResult result = model::OutcomeResult::Failed;
  QString title;   ///< "raise-memory-limit on web"
  QString detail;  ///< "worked, 13th case; 3 of 3 checks passed"
};
/// Newest first, as `outcomes` is. Without a trust of its playbook and context a row has no count.
std::vector<LedgerRow> ledgerOf(const std::vector<model::Outcome>& outcomes,
                                const std::vector<model::Trust>& trusts);

/// "49 fixes: 42 worked, 7 undone", or that there were none.
QString fixesText(const model::Metrics& metrics);
/// "62 % resolved by a fix", "4 % false alarms": only what there is a figure for.
QString ratesText(const model::Metrics& metrics);

/// Days of the span with a time to recover, and incidents in all: the cases that a chart stands on.
int daysWithRecovery(const model::Metrics& metrics);

/// "4.2 min" of minutes.
QString minutesText(double minutes);
/// Newest day first: day, incidents, worked, undone, time to recover.
std::vector<FigureRow> dayRows(const std::vector<model::Metrics::Day>& oldestFirst);

/// "Off by 4 % on average".
QString calibrationText(const model::CalibrationReport& report);
/// What that means for who reads a confidence.
QString calibrationMeaning(const model::CalibrationReport& report);
/// "told 86 %, right 12 of 14".
QString binText(const model::ReliabilityBin& bin);
/// Told, cases, right, interval.
std::vector<FigureRow> binRows(const model::CalibrationReport& report);
/// Who was right how often and how far each is believed.
std::vector<FigureRow> analystRows(const model::CalibrationReport& report);

/// "1st", "2nd", "3rd", "11th" case.
QString ordinalCase(uint32_t count);

/// "web" and "memory limit reached" of "web/memory_limit_reached".
struct Where {
  QString service;
  QString cause;
};
Where whereOf(const std::string& context);

}  // namespace aiops::ui
