// Probabilities and log-odds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>

namespace aiops::analysis {

/// ln(p / (1 - p)), p kept within 0.001 and 0.999.
inline double logit(double p) {
  const double kept = std::clamp(p, 0.001, 0.999);
  return std::log(kept / (1 - kept));
}

inline double probability(double logOdds) {
  return 1 / (1 + std::exp(-logOdds));
}

}  // namespace aiops::analysis
