// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/baseline_tail.h"

#include <algorithm>
#include <cmath>

namespace aiops::detection {
namespace {

constexpr float kRemembered = 10000;  // values; older ones fade
constexpr double kTailShare = 0.03;   // of the values that the tail is fitted to
constexpr double kTailLeast = 5;      // values that the tail is fitted to
constexpr double kPriorExcess = 1;    // bins: mean distance into the tail before anything is known of it
constexpr double kPriorWeight = 40;   // values that the prior counts for

}  // namespace

double BaselineTail::place(double statistic) {
  return std::clamp((std::log2(std::max(statistic, 1e-9)) + 5) * 4, 0.0, kBins - 1.001);
}

double BaselineTail::surprise(double statistic, double together) const {
  const double at = place(statistic), total = m_total, enough = std::max(kTailShare * total, kTailLeast);
  double mass = 0, excess = 0;
  int from = kBins - 1;
  for (; from > 0; --from) {
    mass += m_bins[static_cast<size_t>(from)];
    if (mass >= enough) break;
  }
  if (from == 0) mass += m_bins[0];
  if (at <= from) {
    const auto bin = static_cast<size_t>(at);
    double above = m_bins[bin] * (1 - (at - static_cast<double>(bin)));
    for (size_t i = bin + 1; i < kBins; ++i) above += m_bins[i];
    return -std::log10(std::min(1.0, (above + together) / (total + together)));
  }
  for (int i = from; i < kBins; ++i) excess += m_bins[static_cast<size_t>(i)] * (i - from + 0.5);
  const double mean = (excess + kPriorExcess * kPriorWeight) / (mass + kPriorWeight);
  const double probability = (mass + together) / (total + together) * std::exp(-(at - from) / mean);
  return -std::log10(std::clamp(probability, 1e-300, 1.0));
}

void BaselineTail::add(double statistic) {
  if (m_total > kRemembered) {
    const float keep = 1 - 1 / kRemembered;
    for (auto& bin : m_bins) bin *= keep;
    m_total *= keep;
  }
  m_bins[static_cast<size_t>(place(statistic))] += 1;
  m_total += 1;
}

bool BaselineTail::sound() const {
  const auto good = [](float v) { return std::isfinite(v) && v >= 0 && v <= 2 * kRemembered; };
  return good(m_total) && std::ranges::all_of(m_bins, good);
}

}  // namespace aiops::detection
