// Who first said something that it had never said before.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/analyst.h"

namespace aiops::analysis {

/// Blames the service that wrote a new message about when the trouble began, the earliest one, and more if it
/// can explain the other services that have trouble. Much that is new is harmless: it never says much, and
/// has no opinion on what happened.
class NoveltyAnalyst final : public Analyst {
 public:
  explicit NoveltyAnalyst(const correlation::Topology& topology) : m_topology(topology) {}
  std::string name() const override { return "Novelty"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const correlation::Topology& m_topology;
};

}  // namespace aiops::analysis
