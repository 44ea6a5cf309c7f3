// How improbable a value of a statistic is, judged by the values it had before. Internal to Baseline.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

namespace aiops::detection {

/// A histogram on a logarithmic scale (four bins an octave, 2^-5 to 2^11) that forgets slowly. Beyond its
/// densest part the tail is taken as a power law fitted to what was seen there, so that a value that was
/// never seen has a probability too. Constant memory (260 bytes), plain data. Not thread safe.
class BaselineTail {
 public:
  static constexpr int kBins = 64;

  /// -log10 of the probability of a value of `statistic` (>= 0) or more; 0 or above, about 0 without history.
  /// `together` is the number of values in a row that resemble each other: they teach like one value.
  double surprise(double statistic, double together) const;
  void add(double statistic);
  /// False for contents that add() can't have made.
  bool sound() const;

 private:
  static double place(double statistic);

  std::array<float, kBins> m_bins{};
  float m_total = 0;
};

}  // namespace aiops::detection
