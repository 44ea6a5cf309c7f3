// When it comes again: incidents that recur, and the next peak of what a service has to do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "analysis/rate_book.h"
#include "analysis/specialist.h"

namespace aiops::analysis {

/// When past incidents like this one began. Thread safe if the specialist is to be.
using PastStarts = std::function<std::vector<base::TimePoint>(const CaseFile&, const model::Diagnosis&)>;

/// Type "forecast". A rhythm of past incidents is told for whatever cause; the next peak of the lines that a
/// service writes only where load is the cause, and then also why none can be foreseen.
class PeakSpecialist final : public Specialist {
 public:
  /// `rates` outlives it.
  PeakSpecialist(PastStarts starts, const RateBook& rates) : m_starts(std::move(starts)), m_rates(rates) {}
  std::vector<model::Finding> examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                      const Reread& reread) const override;

 private:
  std::vector<model::Finding> peaks(const CaseFile& file, const model::Diagnosis& diagnosis) const;

  const PastStarts m_starts;
  const RateBook& m_rates;
};

}  // namespace aiops::analysis
