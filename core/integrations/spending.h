// What asking models has cost, and how much more it may cost.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "integrations/model_provider.h"

namespace aiops::integrations {

struct SpendingLimits {
  uint32_t callsPerIncident = 3;
  uint64_t tokensPerDay = 200'000;  ///< input and output
  double costPerDay = 0;            ///< in the currency of the prices; 0: no limit but that of the tokens
  double inputPrice = 0;            ///< of a million tokens; 0: not known
  double outputPrice = 0;
};

/// Of one day, UTC.
struct Spending {
  std::string day;  ///< "2026-11-28"
  uint64_t calls = 0;
  ModelUsage tokens;
  double cost = 0;
};

/// Keeps the day's spending over restarts. Called under a lock: hand over quickly.
class SpendingStore {
 public:
  virtual ~SpendingStore() = default;
  /// The last that was kept; NotFound: none.
  virtual base::Result<Spending> load() = 0;
  virtual base::Result<> save(const Spending& spending) = 0;
};

/// Counts and refuses. A cap can't be passed: a call is counted with the most that it may cost before it is
/// made, and corrected when its usage is known. If the kept spending can't be read or written, nothing may be
/// spent: Unavailable. A clock that is put back by a day frees nothing. Not thread safe.
class SpendingMeter {
 public:
  SpendingMeter(SpendingLimits limits, SpendingStore* store) : m_limits(limits), m_store(store) {}

  /// Counts a call of at most `most`, or says which cap it would pass (LimitExceeded).
  base::Result<> reserve(const std::string& incident, const ModelUsage& most, base::TimePoint now);
  /// What a reserved call took.
  void settle(const ModelUsage& reserved, const ModelUsage& taken);
  const Spending& today() const { return m_today; }

 private:
  static constexpr size_t kMostIncidents = 10'000;

  base::Result<> begin(base::TimePoint now);
  double cost(const ModelUsage& usage) const;

  const SpendingLimits m_limits;
  SpendingStore* const m_store;
  bool m_loaded = false;
  Spending m_today;
  std::map<std::string, uint32_t> m_calls;  ///< by incident; since the start
};

}  // namespace aiops::integrations
