// The ledger of changes, and what configuration files are compared with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/change.h"
#include "service/reply.h"

namespace aiops::service {

/// Which changes: of one service or (empty) all, since a time, the newest `limit` (1 to 500).
struct ChangeFilter {
  std::string service;
  base::TimePoint since;
  uint32_t limit = 100;
};

class ChangeOperations {
 public:
  virtual ~ChangeOperations() = default;
  /// By event time, the newest first.
  virtual void listChanges(ChangeFilter filter, Reply<std::vector<model::Change>> reply) = 0;
  /// The last known good of each configuration file that is watched.
  virtual void listBaselines(Reply<std::vector<model::Baseline>> reply) = 0;
  /// From now on the file as it is now is the last known good. NotFound for one that is not watched.
  virtual void setBaseline(Caller caller, std::string path, Reply<model::Baseline> reply) = 0;
};

}  // namespace aiops::service
