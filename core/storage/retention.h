// Takes away what is too old or too much, a little at a time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "model/status.h"
#include "storage/store.h"

namespace aiops::storage {

struct RetentionOptions {
  std::chrono::days maxAge{90};
  uint64_t maxBytes = 2ull << 30;  ///< of the database in use
  uint32_t rowsAtOnce = 100;       ///< of one transaction: what ingest may have to wait for
  uint32_t pagesAtOnce = 256;      ///< given back to the disk in one transaction (1 MB)
  base::Duration every = std::chrono::hours(1);
};

/// One run removes, oldest first, until the database is young and small enough: closed incidents with their
/// events, diagnosis, timeline and fixes, events of no incident, health events, and changes. What patterns
/// found on days of such an age is added to one row a pattern: days leave, totals stay. Kept whatever the
/// age: open incidents, fixes that are not final, and, of an incident that was acted on, the incident, its
/// patterns, its fixes and their outcomes (trust and the audit refer to them). The audit chain is a file of
/// its own and is never touched. Age is the time since a row was last written.
///
/// Space really goes back to the disk (SQLite's incremental vacuum), except for a database that was made by
/// the first version and could not be rebuilt: there freed pages are used again and the file does not grow.
///
/// Not thread safe: one owner calls step() now and then. Ingest waits for one step at most.
class Retention {
 public:
  Retention(Store& store, RetentionOptions options) : m_store(store), m_options(options) {}

  /// Does one small piece of work. True while there is more to do in this run; then it is worth calling again
  /// soon. Between runs (`every`) it costs nothing. Failures are in status().problem and end the run.
  bool step(base::TimePoint now);
  model::RetentionStatus status() const { return m_status; }

 private:
  base::Result<bool> work(base::TimePoint now);
  base::Result<uint64_t> removeBefore(base::TimePoint before);
  base::Result<uint64_t> foldBefore(base::TimePoint before);
  base::Result<uint64_t> change(const std::function<base::Result<uint64_t>(Writer&)>& piece);
  base::Result<bool> giveBack(const Usage& usage);
  base::Result<Usage> measure();

  Store& m_store;
  const RetentionOptions m_options;
  model::RetentionStatus m_status;
  std::optional<base::TimePoint> m_began;
  bool m_running = false;
};

}  // namespace aiops::storage
