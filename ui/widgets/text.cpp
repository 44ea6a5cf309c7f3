// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>
#include <cmath>

#include "model/labels.h"
#include "security/safe_text.h"

namespace aiops::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Words)
};

QDateTime utc(base::TimePoint time) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  return QDateTime::fromMSecsSinceEpoch(millis.count(), Qt::UTC);
}

}  // namespace

QString safe(std::string_view foreign, size_t maxBytes) {
  return QString::fromStdString(security::SafeText::from(foreign, maxBytes).text());
}

QString safeLine(std::string_view foreign, size_t maxBytes) {
  QString text = safe(foreign, maxBytes);
  text.replace(QLatin1Char('\n'), QChar(0x23CE));
  return text;
}

QString clockTimeOrDate(base::TimePoint time, base::TimePoint now) {
  const bool today = utc(time).date() == utc(now).date();
  return utc(time).toString(today ? QStringLiteral("HH:mm:ss") : QStringLiteral("d MMM HH:mm"));
}

QString durationText(std::chrono::milliseconds time) {
  const double seconds = std::max<double>(0, static_cast<double>(time.count()) / 1000.0);
  if (seconds < 10) return Words::tr("%1 s").arg(seconds, 0, 'f', seconds < 1 ? 2 : 1);
  if (seconds < 60) return Words::tr("%1 s").arg(std::lround(seconds));
  if (seconds < 3600) return Words::tr("%1 min").arg(seconds / 60, 0, 'f', 1);
  const auto minutes = static_cast<qlonglong>(seconds / 60);
  return Words::tr("%1 h %2 m").arg(minutes / 60).arg(minutes % 60);
}

QString timeLeftText(std::chrono::milliseconds left) {
  const auto seconds = std::max<qlonglong>(0, (left.count() + 999) / 1000);
  if (seconds >= 3600) return Words::tr("%1 h %2 m").arg(seconds / 3600).arg(seconds / 60 % 60);
  return QStringLiteral("%1:%2")
      .arg(seconds / 60, 2, 10, QLatin1Char('0'))
      .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString percentText(double share) {
  return Words::tr("%1 %").arg(std::lround(std::clamp(share, 0.0, 1.0) * 100));
}

QString incidentName(uint64_t number) {
  return QString::fromStdString(model::incidentLabel(number));
}
QString fixName(uint64_t number) {
  return QString::fromStdString(model::fixLabel(number));
}

QString shortHash(std::string_view hex, int groups) {
  const QString text = safe(hex.substr(0, static_cast<size_t>(groups) * 4));
  QStringList parts;
  for (qsizetype at = 0; at < text.size(); at += 4) parts << text.mid(at, 4);
  return parts.join(QLatin1Char(' '));
}

QString baseName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return safeLine(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

QString severityWord(model::Severity severity) {
  switch (severity) {
    case model::Severity::Debug:
      return Words::tr("Debug");
    case model::Severity::Info:
      return Words::tr("Info");
    case model::Severity::Warning:
      return Words::tr("Warning");
    case model::Severity::Error:
      return Words::tr("Error");
    case model::Severity::Critical:
      return Words::tr("Critical");
  }
  return Words::tr("Unknown");
}

QString riskWord(model::Risk risk) {
  switch (risk) {
    case model::Risk::Low:
      return Words::tr("Low risk");
    case model::Risk::Medium:
      return Words::tr("Medium risk");
    case model::Risk::High:
      return Words::tr("High risk");
  }
  return Words::tr("High risk");
}

QString verdictWord(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::Confirmed:
      return Words::tr("Confirmed");
    case model::Verdict::Likely:
      return Words::tr("Likely");
    case model::Verdict::Inconclusive:
      return Words::tr("Inconclusive");
    case model::Verdict::Healthy:
      return Words::tr("Healthy");
    case model::Verdict::Unverified:
      return Words::tr("Unverified");
    case model::Verdict::Rejected:
      return Words::tr("Rejected");
  }
  return Words::tr("Unverified");
}

QString incidentStateWord(model::IncidentState state) {
  switch (state) {
    case model::IncidentState::Open:
      return Words::tr("Open");
    case model::IncidentState::Investigating:
      return Words::tr("Investigating");
    case model::IncidentState::AwaitingApproval:
      return Words::tr("Awaiting approval");
    case model::IncidentState::Fixing:
      return Words::tr("Fixing");
    case model::IncidentState::Validating:
      return Words::tr("Checking the fix");
    case model::IncidentState::Resolved:
      return Words::tr("Resolved");
    case model::IncidentState::Failed:
      return Words::tr("Not fixed");
    case model::IncidentState::Dismissed:
      return Words::tr("Dismissed");
  }
  return Words::tr("Unknown");
}

QString fixStateWord(model::FixState state) {
  switch (state) {
    case model::FixState::Proposed:
      return Words::tr("Waits for a decision");
    case model::FixState::Approved:
      return Words::tr("Approved, about to run");
    case model::FixState::Running:
      return Words::tr("Running");
    case model::FixState::Validating:
      return Words::tr("Checking");
    case model::FixState::Succeeded:
      return Words::tr("Worked");
    case model::FixState::RollingBack:
      return Words::tr("Being undone");
    case model::FixState::RolledBack:
      return Words::tr("Undone");
    case model::FixState::RollbackFailed:
      return Words::tr("Undo failed");
    case model::FixState::NeedsHuman:
      return Words::tr("Needs a person");
    case model::FixState::Rejected:
      return Words::tr("Rejected");
    case model::FixState::Expired:
      return Words::tr("Expired");
    case model::FixState::Stale:
      return Words::tr("Void: the state changed");
  }
  return Words::tr("Unknown");
}

QString stepStateWord(model::StepState state) {
  switch (state) {
    case model::StepState::Waiting:
      return Words::tr("waiting");
    case model::StepState::Running:
      return Words::tr("running");
    case model::StepState::Done:
      return Words::tr("done");
    case model::StepState::Failed:
      return Words::tr("failed");
    case model::StepState::Undoing:
      return Words::tr("being undone");
    case model::StepState::Undone:
      return Words::tr("undone");
    case model::StepState::Unknown:
      return Words::tr("not known");
  }
  return Words::tr("not known");
}

}  // namespace aiops::ui
