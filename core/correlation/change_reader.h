// What lines of logs tell of changes: starts, stops, other versions, configurations read anew, deployments,
// jobs. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/change.h"
#include "model/event.h"

namespace aiops::correlation {

/// Live and offline alike. Several lines tell of one restart (a stop, workers, a port): it is one change, and
/// a service that dies and starts again every few seconds gives one a minute. A job that runs more often than
/// twice an hour is no change. Which version came before is known from the start before; a process that has
/// just begun may be told of it (`remember`).
///
/// The same events in the same order give the same changes. Bounded by the number of services. Not thread
/// safe.
class ChangeReader {
 public:
  /// Nothing for an event that tells of no change, or of one that was told already.
  std::optional<model::Change> read(const model::Event& event);
  /// Takes up what an earlier run had read.
  void remember(const model::Change& change);

 private:
  using Same = std::pair<std::string, std::string>;  ///< service and what was done
  std::optional<std::string> otherVersion(const model::Event& event);
  bool isNews(const Same& same, base::TimePoint at, base::Duration apart, bool goesOn);

  std::map<Same, base::TimePoint> m_last;
  std::map<std::pair<std::string, std::string>, std::string> m_versions;  ///< by service and masked line
};

/// The first cited line with every number as one '#': the same text of another version or process.
std::string maskedLine(const model::Event& event);

}  // namespace aiops::correlation
