// Works out what an operator needs beyond the cause.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "analysis/analyst.h"
#include "analysis/evidence_gate.h"
#include "model/incident.h"

namespace aiops::analysis {

/// Knows one kind of failure closely: which index would help, who attacks. Stateless and thread safe.
class Specialist {
 public:
  virtual ~Specialist() = default;
  /// What it found for a diagnosis, best first; nothing if the failure is none of its kind. It cites lines of
  /// the case. An event keeps the beginning of a line: `reread` gives the whole entry.
  virtual std::vector<model::Finding> examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                              const Reread& reread) const = 0;
};

}  // namespace aiops::analysis
