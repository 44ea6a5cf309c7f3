// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/timestamp.h"

#include "parsing/stamp_scanner.h"

namespace aiops::parsing {
namespace {

using std::chrono::local_days;
using std::chrono::minutes;

struct Date {
  int year = 2024, month = 0, day = 0;  ///< 2024 is a leap year, so that "Feb 29" is a date
  bool hasYear = true;
};

std::optional<Stamp> build(const Date& date, const Clock24& clock, StampStyle style) {
  using namespace std::chrono;
  const year_month_day calendar{std::chrono::year(date.year),
                                std::chrono::month(static_cast<unsigned>(date.month)),
                                std::chrono::day(static_cast<unsigned>(date.day))};
  if (!calendar.ok()) return std::nullopt;
  Stamp stamp;
  stamp.local = local_days(calendar) + hours(clock.hour) + minutes(clock.minute) + seconds(clock.second) +
                microseconds(clock.micros);
  stamp.hasYear = date.hasYear;
  stamp.style = style;
  return stamp;
}

std::optional<Stamp> buildZoned(StampScanner& in, const Date& date, const Clock24& clock, StampStyle style) {
  auto stamp = build(date, clock, style);
  if (stamp) stamp->zone = in.takeZone();
  return stamp;
}

/// "2026-11-22T20:35:23", "2026/11/22 20:35:23", "2022-06-08  8:52:40".
std::optional<Stamp> readIso(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeDigits(4, date.year)) return std::nullopt;
  const char separator = in.peek();
  if (separator != '-' && separator != '/') return std::nullopt;
  in.skip(1);
  if (!in.takeDigits(2, date.month) || !in.take(separator) || !in.takeDigits(2, date.day))
    return std::nullopt;
  if (!in.take('T') && !in.take(' ')) return std::nullopt;
  in.take(' ');
  if (!in.takeClock(clock)) return std::nullopt;
  return buildZoned(in, date, clock, separator == '-' ? StampStyle::Iso : StampStyle::Slashes);
}

/// "20261122 20:35:23", "20261122T203523Z".
std::optional<Stamp> readCompact(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeDigits(4, date.year) || !in.takeDigits(2, date.month) || !in.takeDigits(2, date.day) ||
      date.year < 1970 || date.year > 2200) {
    return std::nullopt;
  }
  if (in.take('T') && in.digitsNext(6) == 6) {
    in.takeDigits(2, clock.hour);
    in.takeDigits(2, clock.minute);
    in.takeDigits(2, clock.second);
    if (clock.hour > 23 || clock.minute > 59 || clock.second > 60) return std::nullopt;
  } else if ((!in.take(' ') && !in.take('-')) || !in.takeClock(clock)) {
    return std::nullopt;
  }
  return buildZoned(in, date, clock, StampStyle::Iso);
}

/// "261122 20:35:23", "261122  9:35:23".
std::optional<Stamp> readSixDigits(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeDigits(2, date.year) || !in.takeDigits(2, date.month) || !in.takeDigits(2, date.day) ||
      !in.take(' ')) {
    return std::nullopt;
  }
  in.take(' ');
  if (!in.takeClock(clock)) return std::nullopt;
  date.year += 2000;
  return build(date, clock, StampStyle::Numbers);
}

/// "1795379723.062": seconds since the epoch. Without a fraction it could be any number.
std::optional<Stamp> readEpoch(StampScanner& in) {
  int high = 0, low = 0, micros = 0, scale = 100'000;
  if (in.digitsNext(11) != 10 || !in.takeDigits(5, high) || !in.takeDigits(5, low) || high < 10'000 ||
      !in.take('.') || in.digitsNext(3) < 3) {
    return std::nullopt;
  }
  for (; in.digitNext(); in.skip(1), scale /= 10) micros += (in.peek() - '0') * scale;
  Stamp stamp;
  stamp.local = std::chrono::local_time<std::chrono::microseconds>(
      std::chrono::seconds(int64_t{high} * 100'000 + low) + std::chrono::microseconds(micros));
  stamp.zone = minutes(0);
  stamp.style = StampStyle::Epoch;
  return stamp;
}

/// "22/Nov/2026:20:35:23 +0000"; "22-Nov-2026 20:35:23 UTC", "22 Nov 2026 20:35:23", "22 Nov 20:35:23".
std::optional<Stamp> readDayMonth(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeShort(date.day)) return std::nullopt;
  const char separator = in.peek();
  if ((separator != '/' && separator != '-' && separator != ' ')) return std::nullopt;
  in.skip(1);
  if (!in.takeMonth(date.month) || !in.take(separator)) return std::nullopt;
  if (in.digitsNext(4) == 4) {
    in.takeDigits(4, date.year);
    if (!in.take(':') && !in.take(' ')) return std::nullopt;
  } else if (separator == ' ') {
    date.hasYear = false;
  } else {
    return std::nullopt;
  }
  if (!in.takeClock(clock)) return std::nullopt;
  return buildZoned(in, date, clock, separator == '/' ? StampStyle::Access : StampStyle::DayMonth);
}

/// "11/22/2026 8:35:23 PM", "22/11/2026:20:35:23", "22.11.2026 20:35:23". Where both orders would do, the
/// month comes first before a blank and behind neither '.' nor ':'.
std::optional<Stamp> readNumbers(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeShort(date.month)) return std::nullopt;
  const char separator = in.peek();
  if (separator != '/' && separator != '.') return std::nullopt;
  in.skip(1);
  if (!in.takeShort(date.day) || !in.take(separator) || !in.takeDigits(4, date.year)) return std::nullopt;
  const char between = in.peek();
  if (between != ':' && between != ' ') return std::nullopt;
  in.skip(1);
  if (!in.takeClock(clock)) return std::nullopt;
  const bool dayFirst = separator == '.' || between == ':' || date.month > 12;
  if (dayFirst && date.day <= 12) std::swap(date.month, date.day);
  return buildZoned(in, date, clock, StampStyle::Numbers);
}

/// "11-22 20:35:23.062".
std::optional<Stamp> readMonthDay(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeDigits(2, date.month) || !in.take('-') || !in.takeDigits(2, date.day) || !in.take(' ') ||
      !in.takeClock(clock)) {
    return std::nullopt;
  }
  date.hasYear = false;
  return build(date, clock, StampStyle::Numbers);
}

/// "Nov 22 20:35:23", "Nov  2 2026 20:35:23", "Nov 22, 2026 8:35:23 PM", "Nov-22 20:35:23.062".
std::optional<Stamp> readSyslog(StampScanner& in) {
  Date date;
  Clock24 clock;
  if (!in.takeMonth(date.month) || (!in.take(' ') && !in.take('-'))) return std::nullopt;
  in.take(' ');
  if (!in.takeShort(date.day)) return std::nullopt;
  const bool comma = in.take(',');
  if (!in.take(' ')) return std::nullopt;
  date.hasYear = in.digitsNext(5) == 4;
  if (date.hasYear) {
    in.takeDigits(4, date.year);
    if (!in.take(' ')) return std::nullopt;
  }
  if (!in.takeClock(clock)) return std::nullopt;
  if (comma) return buildZoned(in, date, clock, StampStyle::TwelveHour);
  return build(date, clock, StampStyle::Syslog);
}

/// "Sun Nov 22 20:35:23.062 2026", "Sat Apr 27 03:33:07 PDT 2013"; "Sun, 22 Nov 2026 20:35:23 GMT".
std::optional<Stamp> readAsctime(StampScanner& in) {
  if (!in.takeWeekday()) return std::nullopt;
  if (in.take(',')) {
    auto stamp = in.take(' ') ? readDayMonth(in) : std::nullopt;
    if (stamp) stamp->style = StampStyle::Asctime;
    return stamp;
  }
  Date date;
  Clock24 clock;
  if (!in.take(' ') || !in.takeMonth(date.month) || !in.take(' ')) return std::nullopt;
  in.take(' ');
  if (!in.takeShort(date.day) || !in.take(' ') || !in.takeClock(clock)) return std::nullopt;
  const auto zone = in.takeZone();
  if (in.take(' ') && in.digitsNext(5) == 4) {
    in.takeDigits(4, date.year);
  } else {
    return std::nullopt;
  }
  auto stamp = build(date, clock, StampStyle::Asctime);
  if (stamp) stamp->zone = zone;
  return stamp;
}

/// By the number of digits in front.
std::optional<Stamp> readFromDigits(StampScanner& in) {
  switch (in.digitsNext(11)) {
    case 1:
      if (auto stamp = in.peek(1) == '/' ? readNumbers(in) : readDayMonth(in)) return stamp;
      return std::nullopt;
    case 2:
      if (in.peek(2) == '-' && isDigit(in.peek(3))) return readMonthDay(in);
      if (in.peek(2) == '.' || (in.peek(2) == '/' && isDigit(in.peek(3)))) return readNumbers(in);
      return readDayMonth(in);
    case 4:
      return readIso(in);
    case 6:
      return readSixDigits(in);
    case 8:
      return readCompact(in);
    case 10:
      return readEpoch(in);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Stamp> readStamp(std::string_view line) {
  StampScanner in(line);
  const bool square = in.take('[');
  const bool round = !square && in.take('(');
  const char first = in.peek();
  std::optional<Stamp> stamp;
  if (isDigit(first)) {
    stamp = readFromDigits(in);
  } else if (isUpper(first)) {
    const size_t start = in.at();
    stamp = readSyslog(in);
    if (!stamp) {
      in.backTo(start);
      stamp = readAsctime(in);
    }
  }
  if (!stamp) return std::nullopt;
  stamp->open = (square && !in.take(']')) || (round && !in.take(')'));
  stamp->length = in.at();
  return stamp;
}

base::TimePoint StampResolver::resolve(const Stamp& stamp, base::TimePoint ingest) {
  using namespace std::chrono;
  auto local = stamp.local;
  if (!stamp.hasYear) {
    const auto day = floor<days>(local);
    const year_month_day date(day);
    const auto clock = local - day;
    const auto latest = local_time<microseconds>(ingest.time_since_epoch()) + days(1);
    for (auto year = year_month_day(floor<days>(latest)).year();; --year) {
      const year_month_day candidate{year, date.month(), date.day()};
      if (!candidate.ok()) continue;
      local = local_days(candidate) + clock;
      if (local <= latest) break;
    }
  }
  const auto offset = stamp.zone ? *stamp.zone : m_zone.at(floor<seconds>(local));
  return base::TimePoint(local.time_since_epoch() - offset);
}

}  // namespace aiops::parsing
