// Proof that a fix worked, on the engine's side: probes over time, k of k must pass.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/bounded_queue.h"
#include "base/result.h"
#include "base/time.h"
#include "model/fix.h"

namespace aiops::remediation {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// The world a validation looks at.
struct ValidationWorld {
  /// GET without redirects; failing to reach the service is an Error.
  std::function<base::Result<HttpAnswer>(const std::string& url)> httpGet;
  /// How many entries of `service` with event time at or after `since` matched pattern `patternId`.
  std::function<base::Result<uint64_t>(const std::string& patternId, const std::string& service,
                                       base::TimePoint since)>
      matchesSince;
  /// The state of a service's unit.
  std::function<base::Result<model::UnitState>(const std::string& service)> unitState;
};

struct ValidationVerdict {
  bool ok = false;
  bool cancelled = false;
  std::string detail;  ///< the first failure in words, or "8 of 8 checks passed"
  std::vector<model::CheckProgress> checks;
};

/// Runs the validators of one plan side by side on the caller's thread. The first failing probe ends it.
class Validation {
 public:
  Validation(std::vector<model::ValidatorSpec> specs, ValidationWorld world, const base::Clock& clock);
  /// Blocks for settle + probes × interval. `onProgress` is called after every probe with all checks.
  ValidationVerdict run(const std::function<void(const std::vector<model::CheckProgress>&)>& onProgress = {});
  /// From any thread; run() returns soon with `cancelled`.
  void cancel();

 private:
  struct Check;
  base::Result<> probe(Check& check) const;
  base::Result<> probeService(Check& check) const;
  base::Result<> probeHttp(const model::ValidatorSpec& spec) const;
  base::Result<> probeQuiet(const model::ValidatorSpec& spec) const;
  base::TimePoint since() const;

  const std::vector<model::ValidatorSpec> m_specs;
  const ValidationWorld m_world;
  const base::Clock& m_clock;
  base::TimePoint m_since;
  base::Duration m_sinceBoot{0};
  base::BoundedQueue<int> m_cancel{1};  ///< closed by cancel(); waiting on it is the interruptible sleep
};

}  // namespace aiops::remediation
