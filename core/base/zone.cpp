// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/zone.h"

#include <time.h>

#include <QDateTime>
#include <QTimeZone>
#include <algorithm>
#include <array>
#include <utility>

namespace aiops::base {
namespace {

using std::chrono::minutes;

struct Abbreviation {
  std::string_view name;
  int offset;  ///< minutes east of UTC
};

constexpr int kSeveral = 10'000;

constexpr std::array<Abbreviation, 53> kAbbreviations = {{
    {"ACDT", 630},     {"ACST", 570}, {"AEDT", 660},  {"AEST", 600}, {"AKDT", -480},    {"AKST", -540},
    {"AST", kSeveral}, {"AWST", 480}, {"BRST", -120}, {"BRT", -180}, {"BST", 60},       {"CAT", 120},
    {"CDT", -300},     {"CEST", 120}, {"CET", 60},    {"CLT", -240}, {"COT", -300},     {"CST", kSeveral},
    {"EAT", 180},      {"EDT", -240}, {"EEST", 180},  {"EET", 120},  {"EST", -300},     {"GMT", 0},
    {"HKT", 480},      {"HST", -600}, {"ICT", 420},   {"IDT", 180},  {"IST", kSeveral}, {"JST", 540},
    {"KST", 540},      {"MDT", -360}, {"MEST", 120},  {"MET", 60},   {"MSK", 180},      {"MST", -420},
    {"NDT", -150},     {"NPT", 345},  {"NST", -210},  {"NZDT", 780}, {"NZST", 720},     {"PDT", -420},
    {"PET", -300},     {"PHT", 480},  {"PKT", 300},   {"PST", -480}, {"SAST", 120},     {"SGT", 480},
    {"UTC", 0},        {"WAT", 60},   {"WEST", 60},   {"WET", 0},    {"WIB", 420},
}};

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// "+01:00", "+0100", "+01".
std::optional<minutes> numericZone(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(1)) {
    if (isDigit(c)) digits += c;
    if (!isDigit(c) && !(c == ':' && digits.size() == 2)) return std::nullopt;
  }
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + digits[1] - '0';
  const int mins = digits.size() == 4 ? (digits[2] - '0') * 10 + digits[3] - '0' : 0;
  if (hours > 18 || mins > 59) return std::nullopt;
  return minutes((text[0] == '-' ? -1 : 1) * (hours * 60 + mins));
}

minutes hostOffset(std::chrono::local_seconds local) {
  const time_t asUtc = local.time_since_epoch().count();
  tm parts{};
  gmtime_r(&asUtc, &parts);
  parts.tm_isdst = -1;
  const time_t real = mktime(&parts);
  return minutes(real == -1 ? 0 : (asUtc - real) / 60);
}

minutes regionOffset(const std::string& region, std::chrono::local_seconds local) {
  const QTimeZone zone{QByteArray::fromStdString(region)};
  if (!zone.isValid()) return minutes(0);
  const auto wall = QDateTime::fromSecsSinceEpoch(local.time_since_epoch().count(), Qt::UTC);
  return minutes(QDateTime(wall.date(), wall.time(), zone).offsetFromUtc() / 60);
}

}  // namespace

ZoneAbbreviation zoneOfAbbreviation(std::string_view name) {
  const auto found = std::lower_bound(
      kAbbreviations.begin(), kAbbreviations.end(), name,
      [](const Abbreviation& entry, std::string_view wanted) { return entry.name < wanted; });
  if (found == kAbbreviations.end() || found->name != name) return {};
  if (found->offset == kSeveral) return {true, std::nullopt};
  return {true, minutes(found->offset)};
}

std::string offsetText(std::chrono::minutes offset) {
  const auto all = std::chrono::abs(offset).count();
  const auto two = [](int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return (offset.count() < 0 ? "-" : "+") + two(all / 60) + ":" + two(all % 60);
}

std::optional<ZoneRule> zoneFromText(std::string_view text) {
  if (text == "host") return ZoneRule{.host = true};
  if (text == "Z") return ZoneRule{};
  if (const auto offset = numericZone(text)) return ZoneRule{.offset = *offset};
  if (const auto zone = zoneOfAbbreviation(text); zone.offset) return ZoneRule{.offset = *zone.offset};
  const QByteArray region(text.data(), static_cast<qsizetype>(text.size()));
  if (!text.contains('/') || !QTimeZone::isTimeZoneIdAvailable(region)) return std::nullopt;
  return ZoneRule{.region = std::string(text)};
}

minutes zoneOffset(const ZoneRule& rule, std::chrono::local_seconds local) {
  if (rule.host) return hostOffset(local);
  return rule.region.empty() ? rule.offset : regionOffset(rule.region, local);
}

minutes ZoneOffsets::at(std::chrono::local_seconds local) {
  if (!m_rule.host && m_rule.region.empty()) return m_rule.offset;
  constexpr std::chrono::seconds kQuarter = minutes(15);
  const int64_t quarter = local.time_since_epoch() / kQuarter;
  auto& entry = m_entries[static_cast<uint64_t>(quarter) % m_entries.size()];
  if (entry.quarter != quarter) entry = {quarter, zoneOffset(m_rule, local)};
  return entry.offset;
}

}  // namespace aiops::base
