// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/display.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace aiops::ui {
namespace {

constexpr char16_t kThinSpace = 0x2009;

QDateTime utc(base::TimePoint time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
}

QString twoUnits(qint64 large, QLatin1String largeName, qint64 small, QLatin1String smallName) {
  return QStringLiteral("%1 %2 %3 %4").arg(large).arg(largeName).arg(small).arg(smallName);
}

/// One reason of SourceStatus::drops in words.
QString lossPart(const std::string& reason, qint64 count) {
  const auto words = [&](const char* one, const char* many) {
    return count == 1 ? QCoreApplication::translate("display", one)
                      : QCoreApplication::translate("display", many).arg(countText(count));
  };
  if (reason == "kernel")
    return words(QT_TRANSLATE_NOOP("display", "1 datagram came too fast"),
                 QT_TRANSLATE_NOOP("display", "%1 datagrams came too fast"));
  if (reason == "cut")
    return words(QT_TRANSLATE_NOOP("display", "1 line cut"), QT_TRANSLATE_NOOP("display", "%1 lines cut"));
  if (reason == "gaps")
    return words(QT_TRANSLATE_NOOP("display", "1 gap"), QT_TRANSLATE_NOOP("display", "%1 gaps"));
  if (reason == "refused_connections")
    return words(QT_TRANSLATE_NOOP("display", "1 connection refused"),
                 QT_TRANSLATE_NOOP("display", "%1 connections refused"));
  if (reason == "broken_connections")
    return words(QT_TRANSLATE_NOOP("display", "1 connection broken off"),
                 QT_TRANSLATE_NOOP("display", "%1 connections broken off"));
  return words(QT_TRANSLATE_NOOP("display", "1 lost otherwise"),
               QT_TRANSLATE_NOOP("display", "%1 lost otherwise"));
}

}  // namespace

QString clockText(base::TimePoint time) {
  return utc(time).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString clockSecondsText(base::TimePoint time) {
  return utc(time).toString(QStringLiteral("HH:mm:ss"));
}

QString dateText(base::TimePoint time) {
  return QLocale::c().toString(utc(time).date(), QStringLiteral("dd MMM"));
}

bool sameDay(base::TimePoint one, base::TimePoint other) {
  return utc(one).date() == utc(other).date();
}

QString momentText(base::TimePoint time, base::TimePoint now) {
  const QString clock = clockSecondsText(time);
  return sameDay(time, now) ? clock : dateText(time) + u' ' + clock;
}

QString spanText(base::Duration span) {
  const double seconds = std::chrono::duration<double>(span).count();
  const double size = std::abs(seconds);
  const QString sign = seconds < 0 ? QStringLiteral("-") : QString();
  if (size < 9.995) return sign + QString::number(size, 'f', 2) + QStringLiteral(" s");
  if (size < 59.5) return sign + QString::number(size, 'f', 0) + QStringLiteral(" s");
  if (size < 3600) return sign + QString::number(size / 60, 'f', 1) + QStringLiteral(" min");
  const auto minutes = static_cast<qint64>(size / 60);
  if (minutes < 60 * 24)
    return sign + twoUnits(minutes / 60, QLatin1String("h"), minutes % 60, QLatin1String("m"));
  return sign + twoUnits(minutes / (60 * 24), QLatin1String("d"), minutes / 60 % 24, QLatin1String("h"));
}

QString delayText(base::Duration delay) {
  return delay < base::Duration::zero() ? spanText(delay) : QStringLiteral("+") + spanText(delay);
}

QString countText(qint64 count) {
  QString digits = QString::number(std::abs(count));
  for (qsizetype i = digits.size() - 3; i > 0; i -= 3) digits.insert(i, QChar(kThinSpace));
  return count < 0 ? QStringLiteral("-") + digits : digits;
}

QString lossText(const model::SourceStatus& source) {
  QStringList parts;
  for (const auto& [reason, count] : source.drops) parts += lossPart(reason, static_cast<qint64>(count));
  return parts.join(QStringLiteral(", "));
}

QString shareText(double share) {
  return QStringLiteral("%1 %").arg(std::lround(std::clamp(share, 0.0, 1.0) * 100));
}

}  // namespace aiops::ui
