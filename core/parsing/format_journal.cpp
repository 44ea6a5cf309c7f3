// Entries of the systemd journal, as `journalctl -o json` writes them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "parsing/entry.h"

namespace aiops::parsing {
namespace {

constexpr std::string_view kTime = "__REALTIME_TIMESTAMP";

/// The unit that an entry is about. Names with "_" in front are journald's word; the others count when
/// systemd itself, or root, wrote them.
std::string_view unitOf(const model::LogRecord& record) {
  const auto about = record.field("UNIT");
  if (!about.empty() && record.field("_PID") == "1") return about;
  if (record.field("_UID") == "0") {
    for (const auto* other : {"OBJECT_SYSTEMD_UNIT", "COREDUMP_UNIT"}) {
      if (const auto unit = record.field(other); !unit.empty()) return unit;
    }
  }
  return record.field("_SYSTEMD_UNIT");
}

using Common = std::array<std::pair<std::string_view, std::string_view>, 4>;

/// "HOST PROGRAM[PID]: MESSAGE", as syslog would have it: what is looked for in one is found in the other.
std::string_view asSyslog(Entry& entry, const Common& common) {
  const auto& [unit, program, pid, host] = common;
  std::string text(host.second);
  text.append(text.empty() ? "" : " ").append(program.second);
  if (!pid.second.empty()) text.append("[").append(pid.second).append("]");
  return entry.keep(text.append(": ").append(entry.record.field("MESSAGE")));
}

}  // namespace

bool takeJournal(Entry& entry) {
  auto& fields = entry.record.fields;
  if (entry.nested || fields.empty() || fields.front().first != "__CURSOR") return false;
  const auto instant = timeFromEpoch(entry.record.field(kTime));
  if (!instant) return false;
  entry.instant = instant;
  const auto identifier = entry.record.field("SYSLOG_IDENTIFIER");
  const Common common = {{{"unit", unitOf(entry.record)},
                          {"program", identifier.empty() ? entry.record.field("_COMM") : identifier},
                          {"pid", entry.record.field("_PID")},
                          {"host", entry.record.field("_HOSTNAME")}}};
  const auto priority = entry.record.field("PRIORITY");
  if (priority.size() == 1 && priority[0] >= '0' && priority[0] <= '7')
    entry.severity = severityFromSyslog(priority[0] - '0');
  const auto message = entry.record.field("MESSAGE");
  entry.record.content = asSyslog(entry, common);
  fields.insert(fields.begin(), common.begin(), common.end());
  if (fields.size() > entry.maxFields) fields.resize(entry.maxFields);
  readMessage(entry, trimRight(message));
  return true;
}

}  // namespace aiops::parsing
