// The names and the JSON mapping of changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "model/change.h"
#include "model/json.h"

namespace aiops::model {

std::string_view toString(ChangeKind kind) {
  static constexpr std::array<std::string_view, 8> kNames{
      "config_file", "package", "unit", "version", "restart", "deployment", "certificate", "scheduled_job"};
  const auto index = static_cast<size_t>(kind);
  return index < kNames.size() ? kNames[index] : "unknown";
}

AIOPS_DEFINE_ENUM_JSON(ChangeKind, ChangeKind::ScheduledJob)
AIOPS_DEFINE_JSON(Change, id, at, service, host, kind, what, from, to, source, difference, drift, goodSince,
                  evidence, foretold, routineDays)
AIOPS_DEFINE_JSON(Baseline, path, service, digest, at, same, by)

}  // namespace aiops::model
