// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/quiet_times.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

#include "models/cell_text.h"
#include "models/display.h"

namespace aiops::ui {
namespace {

using std::chrono::minutes;

constexpr size_t kNamed = 6;
constexpr int kMorning = 8;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(QuietTimes)
};

QDateTime in(base::TimePoint time, const QTimeZone& zone) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  return QDateTime::fromMSecsSinceEpoch(ms, zone);
}

base::TimePoint momentOf(const QDateTime& time) {
  return base::TimePoint(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
}

QString clockOf(base::TimePoint time, const QTimeZone& zone) {
  return in(time, zone).toString(QStringLiteral("HH:mm"));
}

bool sameClocks(base::TimePoint time, const QTimeZone& one, const QTimeZone& other) {
  return in(time, one).offsetFromUtc() == in(time, other).offsetFromUtc();
}

QString zoneWord(base::TimePoint time, const QTimeZone& zone) {
  return sameClocks(time, zone, QTimeZone::utc()) ? QStringLiteral("UTC")
                                                  : in(time, zone).timeZoneAbbreviation();
}

}  // namespace

QString namesText(const std::vector<std::string>& names, const QString& none) {
  if (names.empty()) return none;
  QStringList parts;
  for (size_t i = 0; i < std::min(names.size(), kNamed); ++i) parts += cellText(names[i], 96);
  const QString text = parts.join(QStringLiteral(", "));
  return names.size() <= kNamed ? text : Words::tr("%1 and %2 more").arg(text).arg(names.size() - kNamed);
}

QString quietWhat(const model::Silence& silence) {
  if (silence.patterns.empty()) return namesText(silence.services, {});
  const QString patterns = namesText(silence.patterns, {});
  return silence.services.empty() ? Words::tr("pattern %1").arg(patterns)
                                  : Words::tr("%1 in %2").arg(patterns, namesText(silence.services, {}));
}

QString quietWhat(const model::MaintenanceWindow& window) {
  return namesText(window.services, Words::tr("all services"));
}

QString dayText(const std::string& day) {
  for (const auto* name : {QT_TRANSLATE_NOOP("QuietTimes", "Mon"), QT_TRANSLATE_NOOP("QuietTimes", "Tue"),
                           QT_TRANSLATE_NOOP("QuietTimes", "Wed"), QT_TRANSLATE_NOOP("QuietTimes", "Thu"),
                           QT_TRANSLATE_NOOP("QuietTimes", "Fri"), QT_TRANSLATE_NOOP("QuietTimes", "Sat"),
                           QT_TRANSLATE_NOOP("QuietTimes", "Sun")}) {
    if (QString::fromLatin1(name).toLower().toStdString() == day) return Words::tr(name);
  }
  return cellText(day, 16);
}

QString repeatText(const model::MaintenanceWindow& window) {
  QStringList days;
  for (const auto& day : window.days) days += dayText(day);
  const QString when = days.isEmpty()     ? cellText(window.date, 32)
                       : days.size() == 7 ? Words::tr("Every day")
                                          : days.join(QStringLiteral(", "));
  return Words::tr("%1 %2 %3, for %4")
      .arg(when, cellText(window.start, 16), cellText(window.zone, 64),
           minutesText(minutes(window.durationMinutes)));
}

QString quietCounts(uint64_t silences, uint64_t windows) {
  QStringList parts;
  if (silences > 0) parts += silences == 1 ? Words::tr("1 silence") : Words::tr("%1 silences").arg(silences);
  if (windows > 0) parts += windows == 1 ? Words::tr("1 window") : Words::tr("%1 windows").arg(windows);
  return parts.join(QStringLiteral(", "));
}

QString minutesText(minutes span) {
  const auto count = span.count();
  if (count < 60) return Words::tr("%1 min").arg(count);
  const auto hours = count / 60, left = count % 60;
  if (hours >= 24 && hours % 24 == 0 && left == 0) return Words::tr("%1 d").arg(hours / 24);
  return left == 0 ? Words::tr("%1 h").arg(hours) : Words::tr("%1 h %2 min").arg(hours).arg(left);
}

QString zonedText(base::TimePoint time, const QTimeZone& zone) {
  return QLocale::c().toString(in(time, zone), QStringLiteral("ddd d MMM HH:mm"));
}

QString shortMomentText(base::TimePoint time, base::TimePoint now) {
  const QString clock = clockOf(time, QTimeZone::utc());
  return sameDay(time, now) ? clock : dateText(time) + u' ' + clock;
}

QString momentBothText(base::TimePoint time, const QTimeZone& here) {
  const QString utc = zonedText(time, QTimeZone::utc()) + QStringLiteral(" UTC");
  if (sameClocks(time, here, QTimeZone::utc())) return utc;
  return Words::tr("%1, here %2 %3").arg(utc, clockOf(time, here), zoneWord(time, here));
}

QString openingText(const model::Opening& opening, const QTimeZone& there, const QTimeZone& here) {
  const QString own =
      Words::tr("%1 to %2 %3")
          .arg(zonedText(opening.from, there), clockOf(opening.until, there), QString::fromUtf8(there.id()));
  const bool same = sameClocks(opening.from, there, here) && sameClocks(opening.until, there, here);
  if (same) return own;
  return Words::tr("%1, here %2 to %3 %4")
      .arg(own, clockOf(opening.from, here), clockOf(opening.until, here), zoneWord(opening.from, here));
}

std::optional<minutes> spanOf(const QString& text) {
  static const QRegularExpression kForm(
      QStringLiteral("^(?:(\\d{1,4})\\s*d)?\\s*(?:(\\d{1,4})\\s*h)?\\s*(?:(\\d{1,5})\\s*(?:m|min)?)?$"));
  const auto found = kForm.match(text.trimmed().toLower());
  if (!found.hasMatch()) return {};
  const minutes span((found.captured(1).toInt() * 24 + found.captured(2).toInt()) * 60 +
                     found.captured(3).toInt());
  return span.count() > 0 ? std::optional(span) : std::nullopt;
}

std::optional<base::TimePoint> untilOf(const QString& text, base::TimePoint now, const QTimeZone& here) {
  const QString typed = text.trimmed();
  if (const auto span = spanOf(typed)) return now + *span;
  const auto date = QDate::fromString(typed.section(u' ', 0, 0), Qt::ISODate);
  const auto time = QTime::fromString(typed.section(u' ', -1), QStringLiteral("HH:mm"));
  if (!time.isValid() || (!date.isValid() && typed.contains(u' '))) return {};
  QDateTime moment(date.isValid() ? date : in(now, here).date(), time, here);
  if (!date.isValid() && momentOf(moment) <= now) moment = moment.addDays(1);
  return momentOf(moment) > now ? std::optional(momentOf(moment)) : std::nullopt;
}

base::TimePoint tomorrowMorning(base::TimePoint now, const QTimeZone& here) {
  return momentOf(QDateTime(in(now, here).date().addDays(1), QTime(kMorning, 0), here));
}

QStringList zoneNames() {
  QStringList names{QStringLiteral("UTC")};
  for (const QByteArray& id : QTimeZone::availableTimeZoneIds()) {
    if (id.contains('/')) names += QString::fromLatin1(id);
  }
  return names;
}

QString zoneHere() {
  const QByteArray id = QTimeZone::systemTimeZoneId();
  return model::windowZone(id.toStdString()) ? QString::fromLatin1(id) : QStringLiteral("UTC");
}

}  // namespace aiops::ui
