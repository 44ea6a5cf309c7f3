// Finds patterns that do more harm than good: too broad, never hit, twice there, too dear.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/cpu_time.h"
#include "detection/pattern.h"
#include "model/log_record.h"

namespace aiops::detection {

enum class LintKind : uint8_t { TooBroad, NeverHit, Duplicate, TooDear, Slow, NoValue };
std::string_view toString(LintKind kind);

struct LintFinding {
  std::string pattern;
  LintKind kind = LintKind::TooBroad;
  std::string text;  ///< what is wrong, with the figures
};

/// Watches what the patterns select. Thresholds play no part. Not thread safe.
/// * Too broad: takes a fifth of a thousand records or more and is a warning or worse, or matches the empty
/// text; not those that watch how records or values develop, which are meant to take many.
/// * Never hit: no record of ten thousand or more.
/// * Duplicate: selects exactly the same five or more records as another pattern, or says the same.
/// * Too dear: takes more than 5 microseconds for each record, matching or not.
/// * No value: selects five or more records, and none has what the threshold's `distinct` names, or the
/// number that it watches.
/// * Slow: its expression is not one that Vectorscan takes, so it is looked for by itself.
class Lint {
 public:
  explicit Lint(std::shared_ptr<const PatternSet> patterns, base::CpuClock cpuTime = base::threadCpuTime);
  ~Lint();

  void add(const model::LogBatch& batch, const model::LogRecord& record);
  /// In order of the patterns.
  std::vector<LintFinding> findings() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::detection
