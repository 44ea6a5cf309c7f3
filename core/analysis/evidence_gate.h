// What is cited is read again before anybody is told.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "correlation/topology.h"
#include "model/incident.h"

namespace aiops::analysis {

/// Re-reads the cited bytes at their source; fails when they are not there or differ.
using Reread = std::function<base::Result<std::string>(const model::EvidenceRef&)>;

/// Of one diagnosis: each line is read once, however many hypotheses cite it.
///
/// A citation holds when its bytes are still where they were, begin with the quote, were written by the
/// service that is blamed or by one that its failure can reach, and fit in time: a line that should show a
/// cause is not written long after the effects that are cited with it.
class EvidenceGate {
 public:
  EvidenceGate(const correlation::Topology& topology, Reread reread)
      : m_topology(topology), m_reread(std::move(reread)) {}

  /// Sets `verified` of each citation; what does not hold says why in its reason. Returns how many of those
  /// for the hypothesis hold.
  size_t check(model::Hypothesis& hypothesis);
  /// The same for what a finding cites, of its bytes alone: a finding blames nobody.
  size_t check(model::Finding& finding);

 private:
  /// Why the bytes are not what is cited; none: they are.
  const std::optional<std::string>& objection(const model::EvidenceRef& ref);
  void check(model::Citation& citation, const model::Hypothesis& hypothesis);

  const correlation::Topology& m_topology;
  const Reread m_reread;
  std::map<std::string, std::optional<std::string>> m_read;  ///< by evidence id
};

}  // namespace aiops::analysis
