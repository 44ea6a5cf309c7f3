// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>
#include <cmath>

#include "security/safe_text.h"

namespace aiops::ui {
namespace {

QString words(const char* text) {
  return QCoreApplication::translate("Words", text);
}

QDateTime utc(base::TimePoint time) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  return QDateTime::fromMSecsSinceEpoch(millis.count(), Qt::UTC);
}

QString numbered(const char* prefix, uint64_t number) {
  return QLatin1String(prefix) + QStringLiteral("%1").arg(qulonglong{number}, 4, 10, QLatin1Char('0'));
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

QString clockTime(base::TimePoint time, bool millis) {
  return utc(time).toString(millis ? QStringLiteral("HH:mm:ss.zzz") : QStringLiteral("HH:mm:ss"));
}

QString clockTimeOrDate(base::TimePoint time, base::TimePoint now) {
  if (utc(time).date() == utc(now).date()) return clockTime(time);
  return utc(time).toString(QStringLiteral("d MMM HH:mm"));
}

QString durationText(std::chrono::milliseconds time) {
  const double seconds = std::max<double>(0, static_cast<double>(time.count()) / 1000.0);
  if (seconds < 10) return words("%1 s").arg(seconds, 0, 'f', seconds < 1 ? 2 : 1);
  if (seconds < 60) return words("%1 s").arg(std::lround(seconds));
  if (seconds < 3600) return words("%1 min").arg(seconds / 60, 0, 'f', 1);
  const auto minutes = static_cast<qlonglong>(seconds / 60);
  return words("%1 h %2 m").arg(minutes / 60).arg(minutes % 60);
}

QString timeLeftText(std::chrono::milliseconds left) {
  const auto seconds = std::max<qlonglong>(0, (left.count() + 999) / 1000);
  if (seconds >= 3600) return words("%1 h %2 m").arg(seconds / 3600).arg(seconds / 60 % 60);
  return QStringLiteral("%1:%2")
      .arg(seconds / 60, 2, 10, QLatin1Char('0'))
      .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString numberText(qulonglong value) {
  QString text = QString::number(value);
  for (qsizetype at = text.size() - 3; at > 0; at -= 3) text.insert(at, QChar(0x2009));
  return text;
}

QString percentText(double share) {
  return words("%1 %").arg(std::lround(std::clamp(share, 0.0, 1.0) * 100));
}

QString incidentName(uint64_t number) {
  return numbered("INC-", number);
}
QString fixName(uint64_t number) {
  return numbered("FIX-", number);
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
      return words("Debug");
    case model::Severity::Info:
      return words("Info");
    case model::Severity::Warning:
      return words("Warning");
    case model::Severity::Error:
      return words("Error");
    case model::Severity::Critical:
      return words("Critical");
  }
  return words("Unknown");
}

QString riskWord(model::Risk risk) {
  switch (risk) {
    case model::Risk::Low:
      return words("Low risk");
    case model::Risk::Medium:
      return words("Medium risk");
    case model::Risk::High:
      return words("High risk");
  }
  return words("High risk");
}

QString verdictWord(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::Confirmed:
      return words("Confirmed");
    case model::Verdict::Likely:
      return words("Likely");
    case model::Verdict::Inconclusive:
      return words("Inconclusive");
    case model::Verdict::Healthy:
      return words("Healthy");
    case model::Verdict::Unverified:
      return words("Unverified");
    case model::Verdict::Rejected:
      return words("Rejected");
  }
  return words("Unverified");
}

QString incidentStateWord(model::IncidentState state) {
  switch (state) {
    case model::IncidentState::Open:
      return words("Open");
    case model::IncidentState::Investigating:
      return words("Investigating");
    case model::IncidentState::AwaitingApproval:
      return words("Awaiting approval");
    case model::IncidentState::Fixing:
      return words("Fixing");
    case model::IncidentState::Validating:
      return words("Checking the fix");
    case model::IncidentState::Resolved:
      return words("Resolved");
    case model::IncidentState::Failed:
      return words("Not fixed");
    case model::IncidentState::Dismissed:
      return words("Dismissed");
  }
  return words("Unknown");
}

QString fixStateWord(model::FixState state) {
  switch (state) {
    case model::FixState::Proposed:
      return words("Waits for a decision");
    case model::FixState::Approved:
      return words("Approved, about to run");
    case model::FixState::Running:
      return words("Running");
    case model::FixState::Validating:
      return words("Checking");
    case model::FixState::Succeeded:
      return words("Worked");
    case model::FixState::RollingBack:
      return words("Being undone");
    case model::FixState::RolledBack:
      return words("Undone");
    case model::FixState::RollbackFailed:
      return words("Undo failed");
    case model::FixState::NeedsHuman:
      return words("Needs a person");
    case model::FixState::Rejected:
      return words("Rejected");
    case model::FixState::Expired:
      return words("Expired");
    case model::FixState::Stale:
      return words("Void: the state changed");
  }
  return words("Unknown");
}

QString stepStateWord(model::StepState state) {
  switch (state) {
    case model::StepState::Waiting:
      return words("waiting");
    case model::StepState::Running:
      return words("running");
    case model::StepState::Done:
      return words("done");
    case model::StepState::Failed:
      return words("failed");
    case model::StepState::Undoing:
      return words("being undone");
    case model::StepState::Undone:
      return words("undone");
    case model::StepState::Unknown:
      return words("not known");
  }
  return words("not known");
}

QString agentStateWord(model::AgentState state) {
  switch (state) {
    case model::AgentState::Active:
      return words("active");
    case model::AgentState::Idle:
      return words("idle");
    case model::AgentState::Waiting:
      return words("waits");
    case model::AgentState::Disabled:
      return words("disabled");
    case model::AgentState::Failed:
      return words("failed");
  }
  return words("failed");
}

QString outcomeWord(model::OutcomeResult result) {
  switch (result) {
    case model::OutcomeResult::Worked:
      return words("worked");
    case model::OutcomeResult::Undone:
      return words("undone");
    case model::OutcomeResult::Failed:
      return words("failed");
  }
  return words("failed");
}

}  // namespace aiops::ui
