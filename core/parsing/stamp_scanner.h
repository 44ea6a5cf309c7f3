// Reads the parts of a time stamp from left to right. Internal to parsing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "base/zone.h"
#include "parsing/scan.h"

namespace aiops::parsing {

struct Clock24 {
  int hour = 0, minute = 0, second = 0, micros = 0;
};

class StampScanner {
 public:
  explicit StampScanner(std::string_view text) : m_text(text) {}

  size_t at() const { return m_at; }
  char peek(size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
  std::string_view rest() const { return m_text.substr(m_at); }
  void skip(size_t count) { m_at += count; }
  void backTo(size_t at) { m_at = at; }
  bool digitNext() const { return isDigit(peek()); }
  size_t digitsNext(size_t most) const {
    size_t count = 0;
    while (count < most && isDigit(peek(count))) ++count;
    return count;
  }

  bool take(char c) {
    if (m_at >= m_text.size() || m_text[m_at] != c) return false;
    ++m_at;
    return true;
  }
  bool takeDigits(size_t count, int& value) {
    value = 0;
    if (m_text.size() - m_at < count) return false;
    for (size_t i = 0; i < count; ++i) {
      const char c = m_text[m_at + i];
      if (!isDigit(c)) return false;
      value = value * 10 + (c - '0');
    }
    m_at += count;
    return true;
  }
  /// One or two digits.
  bool takeShort(int& value) { return takeDigits(isDigit(peek(1)) ? 2 : 1, value); }
  bool takeMonth(int& month) { return takeName(kMonths, month); }
  bool takeWeekday() {
    int day = 0;
    return takeName(kDays, day);
  }
  /// "20:35:23", "8:35:23", each with a fraction, and " PM" behind it.
  bool takeClock(Clock24& clock) {
    if (!takeShort(clock.hour) || !take(':') || !takeDigits(2, clock.minute) || !take(':') ||
        !takeDigits(2, clock.second)) {
      return false;
    }
    takeFraction(clock.micros);
    takeHalfDay(clock.hour);
    return clock.hour < 24 && clock.minute < 60 && clock.second <= 60;
  }
  std::optional<std::chrono::minutes> takeZone() {
    if (peek() == 'Z' && !isAlnum(peek(1))) {
      skip(1);
      return std::chrono::minutes(0);
    }
    const size_t before = m_at;
    const bool apart = take(' ');
    if (const auto zone = takeNumericZone(apart)) return zone;
    size_t letters = 0;
    while (letters < 6 && isUpper(peek(letters))) ++letters;
    const auto named = letters >= 3 && !isAlnum(peek(letters))
                           ? base::zoneOfAbbreviation(rest().substr(0, letters))
                           : base::ZoneAbbreviation{};
    if (named.known) {
      skip(letters);
    } else {
      m_at = before;
    }
    return named.offset;
  }

 private:
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

  template <size_t N>
  bool takeName(const std::array<std::string_view, N>& names, int& number) {
    for (size_t i = 0; i < N; ++i) {
      if (!rest().starts_with(names[i])) continue;
      number = static_cast<int>(i) + 1;
      skip(3);
      return true;
    }
    return false;
  }

  /// 1 to 9 digits behind '.' or ',', at least 3 behind ':'; what is finer than a microsecond is dropped.
  void takeFraction(int& micros) {
    const bool point = (peek() == '.' || peek() == ',') && isDigit(peek(1));
    const bool colon = peek() == ':' && isDigit(peek(1)) && isDigit(peek(2)) && isDigit(peek(3));
    if (!point && !colon) return;
    skip(1);
    int scale = 100'000;
    for (int i = 0; i < 9 && digitNext(); ++i) {
      micros += (peek() - '0') * scale;
      scale /= 10;
      skip(1);
    }
  }

  void takeHalfDay(int& hour) {
    const auto half = rest().substr(0, 3);
    if ((half != " AM" && half != " PM") || isAlnum(peek(3)) || hour == 0 || hour > 12) return;
    hour = hour % 12 + (half[1] == 'P' ? 12 : 0);
    skip(3);
  }

  /// "+01:00", "-0700", "+01"; behind a blank with minutes only.
  std::optional<std::chrono::minutes> takeNumericZone(bool apart) {
    const size_t before = m_at;
    const int sign = peek() == '-' ? -1 : 1;
    int hours = 0, mins = 0;
    if ((take('+') || take('-')) && takeDigits(2, hours)) {
      const bool colon = take(':');
      const bool full = takeDigits(2, mins);
      if ((full || (!colon && !apart)) && hours <= 18 && mins <= 59 && !isDigit(peek()))
        return std::chrono::minutes(sign * (hours * 60 + mins));
    }
    m_at = before;
    return std::nullopt;
  }

  std::string_view m_text;
  size_t m_at = 0;
};

}  // namespace aiops::parsing
