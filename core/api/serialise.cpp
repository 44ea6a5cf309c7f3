// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <ctime>

#include "api/connection.h"

namespace aiops::api {

namespace {

/// IMF-fixdate, RFC 9110 section 5.6.7; independent of the locale.
std::string httpDate(base::TimePoint now) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays.at(static_cast<size_t>(utc.tm_wday)), utc.tm_mday,
                kMonths.at(static_cast<size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text.data();
}

/// Answers are data for programs: no browser may cache them, guess their type or run something in them.
constexpr std::string_view kFixedFields =
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

}  // namespace

std::string serialise(const HttpResponse& response, bool keepAlive, bool withBody, base::TimePoint now) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text += reasonPhrase(response.status);
  text += "\r\nDate: " + httpDate(now) + "\r\n";
  text += "Content-Type: " + response.contentType + "\r\n";
  text += kFixedFields;
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  text += keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  if (withBody) text += response.body;
  return text;
}

}  // namespace aiops::api
