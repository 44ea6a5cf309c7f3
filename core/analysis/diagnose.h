// From events to a diagnosis: analysts claim, the evidence gate re-reads what they cite, the consensus pools.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "analysis/analyst.h"
#include "analysis/evidence_gate.h"

namespace aiops::analysis {

/// Thread safe if `reread` is.
///
/// Consensus: the analysts' log-odds are added, each weighted with its reliability and capped so that none
/// decides alone. A hypothesis is confirmed at 0.9 with two analysts and every quote verified, likely at 0.6.
/// A hypothesis none of whose citations can be verified is shown as unverified and counts little. With no
/// event at error or above the verdict is "healthy"; with no hypothesis at 0.6 it is "inconclusive".
class Diagnostician {
 public:
  Diagnostician(std::vector<std::unique_ptr<Analyst>> analysts, const correlation::Topology& topology,
                Reread reread);

  model::Diagnosis diagnose(const CaseFile& file, base::TimePoint now) const;

 private:
  struct Attributed {
    std::string analyst;
    Claim claim;
  };

  model::Hypothesis pool(const std::string& service, const std::string& kind,
                         const std::vector<Attributed>& claims) const;
  void judge(model::Hypothesis& hypothesis, EvidenceGate& gate) const;
  void addExplained(model::Diagnosis& diagnosis, const CaseFile& file, EvidenceGate& gate) const;

  const std::vector<std::unique_ptr<Analyst>> m_analysts;
  const correlation::Topology& m_topology;
  const Reread m_reread;
};

}  // namespace aiops::analysis
