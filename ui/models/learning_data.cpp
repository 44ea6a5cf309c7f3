// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/learning_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <map>
#include <ranges>

#include "models/cell_text.h"
#include "models/display.h"

namespace aiops::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Learning)
};

/// Below it a confidence can be read as it stands.
constexpr double kGoodError = 0.1;
/// Fewer cases say little about ten bins.
constexpr uint32_t kCasesForAVerdict = 20;

QString intervalText(double low, double high) {
  return Words::tr("%1 to %2").arg(shareText(low), shareText(high));
}

quint32 rightOf(const model::ReliabilityBin& bin) {
  return static_cast<quint32>(std::lround(bin.right * bin.cases));
}

}  // namespace

QString outcomeText(model::OutcomeResult result) {
  switch (result) {
    case model::OutcomeResult::Worked:
      return Words::tr("worked");
    case model::OutcomeResult::Undone:
      return Words::tr("undone");
    case model::OutcomeResult::Failed:
      break;
  }
  return Words::tr("failed");
}

QString ordinalCase(uint32_t count) {
  const uint32_t tens = count % 100, ones = count % 10;
  const bool teen = tens >= 11 && tens <= 13;
  if (!teen && ones == 1) return Words::tr("%1st case").arg(count);
  if (!teen && ones == 2) return Words::tr("%1nd case").arg(count);
  if (!teen && ones == 3) return Words::tr("%1rd case").arg(count);
  return Words::tr("%1th case").arg(count);
}

Where whereOf(const std::string& context) {
  const size_t slash = context.find('/');
  QString cause = slash == std::string::npos ? QString() : cellText(context.substr(slash + 1), 96);
  cause.replace(QLatin1Char('_'), QLatin1Char(' '));
  return {cellText(context.substr(0, slash), 96), cause};
}

std::vector<LedgerRow> ledgerOf(const std::vector<model::Outcome>& outcomes,
                                const std::vector<model::Trust>& trusts) {
  std::map<std::pair<std::string, std::string>, uint32_t> place;
  for (const auto& trust : trusts) place[{trust.playbookId, trust.context}] = trust.tried;
  std::vector<LedgerRow> rows;
  for (const auto& outcome : outcomes) {
    const auto found = place.find({outcome.playbookId, outcome.context});
    QString detail = outcomeText(outcome.result);
    if (found != place.end() && found->second > 0)
      detail += QStringLiteral(", ") + ordinalCase(found->second--);
    if (!outcome.detail.empty()) detail += QStringLiteral("; ") + cellText(outcome.detail, 160);
    rows.push_back(
        {.id = QString::fromStdString(outcome.id.str()),
         .incident = outcome.incident.str(),
         .at = outcome.at,
         .result = outcome.result,
         .title =
             Words::tr("%1 on %2").arg(cellText(outcome.playbookId, 96), whereOf(outcome.context).service),
         .detail = detail});
  }
  return rows;
}

QString fixesText(const model::Metrics& metrics) {
  if (metrics.fixesRun == 0) return Words::tr("No fix was run in this time");
  const QString fixes = metrics.fixesRun == 1
                            ? Words::tr("1 fix")
                            : Words::tr("%1 fixes").arg(countText(static_cast<qint64>(metrics.fixesRun)));
  return Words::tr("%1: %2 worked, %3 undone")
      .arg(fixes, countText(static_cast<qint64>(metrics.fixesWorked)),
           countText(static_cast<qint64>(metrics.fixesUndone)));
}

QString ratesText(const model::Metrics& metrics) {
  QStringList parts;
  if (metrics.automationRate)
    parts += Words::tr("%1 resolved by a fix").arg(shareText(*metrics.automationRate));
  if (metrics.falsePositiveRate)
    parts += Words::tr("%1 false alarms").arg(shareText(*metrics.falsePositiveRate));
  return parts.join(QStringLiteral(", "));
}

int daysWithRecovery(const model::Metrics& metrics) {
  return static_cast<int>(std::count_if(metrics.days.begin(), metrics.days.end(),
                                        [](const auto& day) { return day.mttrMinutes; }));
}

QString minutesText(double minutes) {
  return spanText(std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(minutes * 60)));
}

std::vector<FigureRow> dayRows(const std::vector<model::Metrics::Day>& oldestFirst) {
  std::vector<FigureRow> rows;
  for (const auto& day : oldestFirst | std::views::reverse) {
    const QString date = dateText(day.day), incidents = countText(day.incidents),
                  worked = countText(day.worked), undone = countText(day.undone),
                  recovery = day.mttrMinutes ? minutesText(*day.mttrMinutes) : Words::tr("none");
    rows.push_back({{date, incidents, worked, undone, recovery},
                    Words::tr("%1: %2 incidents, %3 fixes worked, %4 undone, time to recover %5")
                        .arg(date, incidents, worked, undone, recovery)});
  }
  return rows;
}

QString calibrationText(const model::CalibrationReport& report) {
  if (!report.error) return {};
  return Words::tr("Off by %1 on average").arg(shareText(*report.error));
}

QString calibrationMeaning(const model::CalibrationReport& report) {
  if (report.cases < kCasesForAVerdict)
    return Words::tr("%1 of %2 cases: too few to judge it").arg(report.cases).arg(kCasesForAVerdict);
  if (report.error && *report.error < kGoodError) return Words::tr("Below 10 %: read it as it stands");
  return Words::tr("10 % or more: read it as an order only");
}

QString binText(const model::ReliabilityBin& bin) {
  return Words::tr("told %1, right %2 of %3")
      .arg(shareText(bin.told), countText(rightOf(bin)), countText(bin.cases));
}

std::vector<FigureRow> binRows(const model::CalibrationReport& report) {
  std::vector<FigureRow> rows;
  for (const auto& bin : report.bins) {
    const QString interval = intervalText(bin.low, bin.high);
    rows.push_back({{intervalText(bin.from, bin.to), shareText(bin.told),
                     Words::tr("%1 of %2").arg(countText(rightOf(bin)), countText(bin.cases)), interval},
                    Words::tr("%1; 90 % interval %2").arg(binText(bin), interval)});
  }
  return rows;
}

std::vector<FigureRow> analystRows(const model::CalibrationReport& report) {
  std::vector<FigureRow> rows;
  for (const auto& analyst : report.analysts) {
    const QString name = cellText(analyst.analyst, 64),
                  right = Words::tr("%1 of %2").arg(countText(analyst.right), countText(analyst.opinions)),
                  weight = QString::number(analyst.reliability, 'f', 2);
    rows.push_back(
        {{name, right, weight},
         Words::tr("%1 was right %2 times and is believed with weight %3").arg(name, right, weight)});
  }
  return rows;
}

}  // namespace aiops::ui
