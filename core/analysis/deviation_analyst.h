// Who left its usual rate first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "analysis/analyst.h"

namespace aiops::analysis {

/// Where a series leaves what it was before.
struct Deviation {
  size_t at = 0;      ///< index of the first value that does
  double value = 0;   ///< this value
  double bound = 0;   ///< the greatest or least of the values before
  bool above = true;  ///< of the greatest; else below the least
};

/// The first of two values in a row, not before `from`, that lie above all of [0, from) by more than three of
/// their standard deviations (counts: the root), or as far below all of them. Without a distribution that
/// would have to be right: what bursts now and then has done so before. Nothing with fewer than eight values
/// before `from`.
std::optional<Deviation> firstDeviation(const std::vector<double>& values, size_t from);

/// Compares how many lines, warnings and failed requests each service has in five seconds with the minutes
/// before the first sign, and blames the one that deviates first, if it can explain the others. It has no
/// opinion on what happened.
class DeviationAnalyst final : public Analyst {
 public:
  explicit DeviationAnalyst(const correlation::Topology& topology) : m_topology(topology) {}
  std::string name() const override { return "First deviation"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const correlation::Topology& m_topology;
};

}  // namespace aiops::analysis
