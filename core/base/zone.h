// Time zones as a person writes them and as log lines carry them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aiops::base {

/// What a time stamp without a zone means. At most one of `host` and `region` is set; else `offset` counts.
struct ZoneRule {
  bool host = false;               ///< the zone of this machine, with its summer time
  std::chrono::minutes offset{0};  ///< east of UTC
  std::string region;              ///< a name of the IANA data base ("Europe/Paris"), with its summer time

  bool operator==(const ZoneRule&) const = default;
};

/// "+01:00", "-0530", "UTC", an abbreviation that means one offset ("CET"), a region that this machine knows
/// ("Europe/Paris"), or "host". Empty for anything else.
std::optional<ZoneRule> zoneFromText(std::string_view text);
/// What zoneFromText() takes, in words for a person.
inline constexpr std::string_view kZonesAllowed =
    "an offset such as +01:00, an abbreviation such as CET, a region such as Europe/Paris, or host";
/// "+02:00", "-03:30".
std::string offsetText(std::chrono::minutes offset);

/// The offset of an abbreviation such as "UTC", "CEST" or "PDT". `known` without `offset`: it is a zone, but
/// of several ("IST", "CST" or "AST" stand for two or more).
struct ZoneAbbreviation {
  bool known = false;
  std::optional<std::chrono::minutes> offset;
};
ZoneAbbreviation zoneOfAbbreviation(std::string_view name);

/// The offset of `rule` at a local time. A local time that a change of clocks leaves out or repeats takes one
/// of the two offsets. Asks the system's zone data: costly, see ZoneOffsets. Thread safe.
std::chrono::minutes zoneOffset(const ZoneRule& rule, std::chrono::local_seconds local);

/// zoneOffset() of one rule, remembered for the quarter hours that were asked for lately: zone changes fall
/// on quarter hours. Several, since the lines of some logs go to and fro in time. Not thread safe.
class ZoneOffsets {
 public:
  explicit ZoneOffsets(ZoneRule rule) : m_rule(std::move(rule)) {}

  std::chrono::minutes at(std::chrono::local_seconds local);
  const ZoneRule& rule() const { return m_rule; }

 private:
  struct Entry {
    int64_t quarter = INT64_MIN;
    std::chrono::minutes offset{0};
  };

  ZoneRule m_rule;
  std::array<Entry, 64> m_entries{};  ///< by the quarter hour's number
};

}  // namespace aiops::base
