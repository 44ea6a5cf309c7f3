// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/timestamp.h"

#include <time.h>

#include <array>

namespace aiops::parsing {
namespace {

using std::chrono::local_days;
using std::chrono::minutes;

/// Reads left to right and remembers whether everything so far was as expected.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_text(text) {}

  size_t at() const { return m_at; }
  char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
  bool take(char c) {
    if (peek() != c || m_at >= m_text.size()) return false;
    ++m_at;
    return true;
  }
  bool takeDigits(size_t count, int& value) {
    value = 0;
    if (m_text.size() - m_at < count) return false;
    for (size_t i = 0; i < count; ++i) {
      const char c = m_text[m_at + i];
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    m_at += count;
    return true;
  }
  bool digitNext() const { return peek() >= '0' && peek() <= '9'; }
  std::string_view rest() const { return m_text.substr(m_at); }
  void skip(size_t count) { m_at += count; }
  void backTo(size_t at) { m_at = at; }

 private:
  std::string_view m_text;
  size_t m_at = 0;
};

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool takeMonthName(Scanner& in, int& month) {
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (!in.rest().starts_with(kMonths[i])) continue;
    month = static_cast<int>(i) + 1;
    in.skip(3);
    return true;
  }
  return false;
}

/// 1 to 9 digits; what is finer than a microsecond is dropped.
int takeFraction(Scanner& in) {
  int micros = 0, scale = 100'000;
  for (int i = 0; i < 9 && in.digitNext(); ++i) {
    micros += (in.peek() - '0') * scale;
    scale /= 10;
    in.skip(1);
  }
  return micros;
}

struct Clock24 {
  int hour = 0, minute = 0, second = 0, micros = 0;
};

bool takeClock(Scanner& in, Clock24& clock) {
  if (!in.takeDigits(2, clock.hour) || !in.take(':') || !in.takeDigits(2, clock.minute) || !in.take(':') ||
      !in.takeDigits(2, clock.second)) {
    return false;
  }
  if (in.peek() == '.' || in.peek() == ',') {
    const size_t before = in.at();
    in.skip(1);
    if (in.digitNext()) {
      clock.micros = takeFraction(in);
    } else {
      in.backTo(before);
    }
  }
  return clock.hour < 24 && clock.minute < 60 && clock.second <= 60;
}

/// "+01:00", "-0700", "+01" right here.
std::optional<minutes> takeNumericZone(Scanner& in) {
  const size_t before = in.at();
  const int sign = in.peek() == '-' ? -1 : 1;
  int hours = 0, mins = 0;
  if (!(in.take('+') || in.take('-')) || !in.takeDigits(2, hours)) {
    in.backTo(before);
    return std::nullopt;
  }
  in.take(':');
  in.takeDigits(2, mins);
  if (hours > 18 || mins > 59) {
    in.backTo(before);
    return std::nullopt;
  }
  return minutes(sign * (hours * 60 + mins));
}

std::optional<minutes> takeZone(Scanner& in) {
  if (in.take('Z')) return minutes(0);
  if (const auto zone = takeNumericZone(in)) return zone;
  const size_t before = in.at();
  if (in.take(' ')) {
    for (const std::string_view name : {"UTC", "GMT", "Z "}) {
      if (!in.rest().starts_with(name)) continue;
      in.skip(name == "Z " ? 1 : 3);
      return minutes(0);
    }
    if (const auto zone = takeNumericZone(in)) return zone;
  }
  in.backTo(before);
  return std::nullopt;
}

std::optional<Stamp> build(int year, int month, int day, const Clock24& clock) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  Stamp stamp;
  stamp.local = local_days(date) + hours(clock.hour) + minutes(clock.minute) + seconds(clock.second) +
                microseconds(clock.micros);
  return stamp;
}

std::optional<Stamp> readIso(Scanner& in) {
  int year = 0, month = 0, day = 0;
  Clock24 clock;
  if (!in.takeDigits(4, year)) return std::nullopt;
  const char separator = in.peek();
  if (separator != '-' && separator != '/') return std::nullopt;
  in.skip(1);
  if (!in.takeDigits(2, month) || !in.take(separator) || !in.takeDigits(2, day)) return std::nullopt;
  if (!in.take('T') && !in.take(' ')) return std::nullopt;
  if (!takeClock(in, clock)) return std::nullopt;
  auto stamp = build(year, month, day, clock);
  if (stamp) stamp->zone = takeZone(in);
  return stamp;
}

/// 2024 is a leap year, so that "Feb 29" is a date; the year is set later.
std::optional<Stamp> readSyslog(Scanner& in) {
  int month = 0, day = 0;
  Clock24 clock;
  if (!takeMonthName(in, month) || !in.take(' ')) return std::nullopt;
  const bool padded = in.take(' ');
  if (!in.takeDigits(padded ? 1 : 2, day) || !in.take(' ') || !takeClock(in, clock)) return std::nullopt;
  auto stamp = build(2024, month, day, clock);
  if (stamp) stamp->hasYear = false;
  return stamp;
}

std::optional<Stamp> readAccess(Scanner& in) {
  int year = 0, month = 0, day = 0;
  Clock24 clock;
  if (!in.takeDigits(2, day) || !in.take('/') || !takeMonthName(in, month) || !in.take('/') ||
      !in.takeDigits(4, year) || !in.take(':') || !takeClock(in, clock)) {
    return std::nullopt;
  }
  auto stamp = build(year, month, day, clock);
  if (stamp) stamp->zone = takeZone(in);
  return stamp;
}

}  // namespace

std::optional<Stamp> readStamp(std::string_view line) {
  Scanner in(line);
  const bool bracket = in.take('[');
  const size_t start = in.at();
  for (const auto reader : {readIso, readSyslog, readAccess}) {
    in.backTo(start);
    auto stamp = reader(in);
    if (!stamp || (bracket && !in.take(']'))) continue;
    stamp->length = in.at();
    return stamp;
  }
  return std::nullopt;
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
  const auto offset =
      stamp.zone ? *stamp.zone : (m_rule.host ? hostOffset(floor<seconds>(local)) : m_rule.offset);
  return base::TimePoint(local.time_since_epoch() - offset);
}

std::chrono::minutes StampResolver::hostOffset(std::chrono::local_seconds local) {
  const int64_t seconds = local.time_since_epoch().count();
  const int64_t block = seconds / 900;  // zone changes fall on quarter hours
  if (block == m_cachedBlock) return m_cachedOffset;
  const time_t asUtc = seconds;
  tm parts{};
  gmtime_r(&asUtc, &parts);
  parts.tm_isdst = -1;
  const time_t real = mktime(&parts);
  m_cachedBlock = block;
  m_cachedOffset = std::chrono::minutes(real == -1 ? 0 : (seconds - real) / 60);
  return m_cachedOffset;
}

}  // namespace aiops::parsing
