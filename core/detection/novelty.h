// Which templates a service has written, and whether one that it has not written before tells something.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/time.h"
#include "model/event.h"

namespace aiops::detection {

class TemplateMiner;

/// Of one service. What it writes is known after five hundred records, of which the last five hundred brought
/// two new templates at most. Bounded; deterministic.
class Novelty {
 public:
  enum class Seen : uint8_t {
    Before,
    First,  ///< it is the first with its template, while it was not known yet what the service writes
    News,   ///< ... when that was known
  };
  /// A record with this template was read.
  Seen add(uint64_t templateId);
  uint64_t records() const { return m_records; }

  void merge(uint64_t from, uint64_t into);
  /// Both have been seen: they were one.
  void split(uint64_t from, uint64_t into);

  nlohmann::json snapshot() const;
  /// Throws nlohmann::json::exception.
  void restore(const nlohmann::json& state);

 private:
  static constexpr uint64_t kBlock = 500, kQuiet = 2;
  static constexpr size_t kMostTemplates = 20'000;  ///< then all are forgotten

  std::unordered_set<uint64_t> m_seen;
  uint64_t m_records = 0;
  uint64_t m_fresh = 0;        ///< new templates in the block under way
  uint64_t m_freshBefore = 0;  ///< and in the one before
};

/// Tells of a service's messages that it has never written before, without a pattern that asks for it: what
/// the analysts call new. A service that writes little is known as well once it was read for a minute, wrote
/// twenty records and said nothing new for half of one. At most ten are told in ten minutes, for then the
/// service has changed. Event time.
class NewMessages {
 public:
  /// An event with the signal "new_message" when `record` of `batch` has a template of that kind.
  std::optional<model::Event> add(const model::LogBatch& batch, const model::LogRecord& record,
                                  uint64_t templateId, const TemplateMiner& templates);
  void merge(uint64_t from, uint64_t into) { m_novelty.merge(from, into); }
  void split(uint64_t from, uint64_t into) { m_novelty.split(from, into); }

 private:
  bool mayTell(base::TimePoint now);

  Novelty m_novelty;
  std::optional<base::TimePoint> m_first;
  base::TimePoint m_lastNew;
  base::TimePoint m_windowStart;
  int m_told = 0;  ///< since m_windowStart
};

}  // namespace aiops::detection
