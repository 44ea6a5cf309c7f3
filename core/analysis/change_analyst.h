// Most failures follow a change: what was changed shortly before the first sign.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/analyst.h"

namespace aiops::analysis {

/// Blames a service that was changed before the trouble that its failure would explain began. A change weighs
/// by its kind (configuration and versions more than restarts, these more than jobs), by how shortly before
/// it was, by how much of the trouble it explains, and less on each day that it went well before; when many
/// services were changed they share the weight, so that a restart of everything says nothing. What was
/// changed after the trouble began is its consequence.
///
/// It names a kind of failure where a signature of that kind finds its cause in the service's lines, which
/// also holds for changes that no line tells of; otherwise it has no opinion on the kind.
class ChangeAnalyst final : public Analyst {
 public:
  ChangeAnalyst(std::vector<knowledge::Signature> signatures, const correlation::Topology& topology);
  std::string name() const override { return "Changes"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  struct Suspect {
    const model::Change* change = nullptr;
    const model::Event* sign = nullptr;  ///< the first that it explains
    double strength = 0;
    size_t explained = 0;
    size_t troubled = 0;
  };
  Suspect suspect(const model::Change& change, const CaseView& view) const;
  std::string kindOf(const Suspect& suspect, const CaseView& view) const;
  bool shows(const knowledge::Signature& signature, const std::string& service, base::TimePoint since,
             const CaseView& view) const;
  Claim claimOf(const Suspect& suspect, double share, const CaseView& view) const;

  const std::vector<knowledge::Signature> m_signatures;
  const correlation::Topology& m_topology;
};

}  // namespace aiops::analysis
