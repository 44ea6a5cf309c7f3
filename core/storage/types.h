// What goes into the store and comes out of it, where core/model has no value for it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/event.h"
#include "model/log_line.h"
#include "model/pattern.h"
#include "model/status.h"

namespace aiops::storage {

/// What one read of the sources gave. Committed whole or not at all, so that a position and the events that
/// came from the bytes before it can't part.
struct IngestBatch {
  std::vector<model::Event> events;                   ///< an id that is already stored is ignored
  std::vector<model::SourcePosition> positions;       ///< replaces the position of each source
  std::map<std::string, std::string> detectorStates;  ///< lane name to its state: bytes, kept as they are
  std::vector<model::HealthEvent> health;
  std::vector<model::LineCount> lineCounts;        ///< added to what is stored of that service and second
  std::vector<model::PatternCount> patternCounts;  ///< added to what is stored of that pattern and day
};

/// One version of a pattern that a person wrote.
struct StoredPattern {
  std::string id;
  model::PatternVersion version;
  bool removed = false;  ///< from here on it is as if nobody had written it; `text` is empty
};

/// A configuration file as it was from `at` on. `role`: "seen" is the newest that was looked at, "good" the
/// last known good, "certificate" has no bytes.
struct StoredBaseline {
  std::string path;
  std::string role;
  std::string digest;
  base::TimePoint at;
  std::string bytes;
  std::string by;  ///< the person who said that it is good, or empty
};

/// Newest first, of one service or all, since a time.
struct ChangeQuery {
  std::string service;
  base::TimePoint since;
  uint32_t limit = 100;
};

/// What became of the incidents in which events of a pattern took part. Rows of it outlive the events.
struct PatternResult {
  std::string pattern;
  uint64_t resolved = 0;     ///< incidents that were real and are over
  uint64_t falseAlarms = 0;  ///< a person said that nothing was wrong
  uint64_t fixesRun = 0;     ///< with an outcome
  uint64_t fixesWorked = 0;  ///< ... that was validated
};

/// Newest first. `before`: continue after the item with that number (Page::next).
struct PageQuery {
  uint32_t limit = 50;
  std::optional<uint64_t> before;
  bool openOnly = false;
};

template <class T>
struct Page {
  std::vector<T> items;
  uint64_t total = 0;            ///< of all that match, on every page
  std::optional<uint64_t> next;  ///< `before` of the following page; empty on the last one
};

/// How the database file is used.
struct Usage {
  uint64_t pageBytes = 0;
  uint64_t pages = 0;
  uint64_t freePages = 0;
  std::optional<base::TimePoint> oldest;  ///< when the oldest row that may be removed was written
};

struct Counters {
  uint64_t openIncidents = 0;
  uint64_t pendingFixes = 0;  ///< waiting for a decision
  uint64_t outcomes = 0;
  uint64_t worked = 0;
};

}  // namespace aiops::storage
