// Which resource of this host has run out, for a service that is in trouble.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/analyst.h"

namespace aiops::analysis {

/// Looks at what was read off the host (CaseFile::readings) of the services in trouble and of those that
/// their lines point at: a full disk explains a failure even when no line says so. What was read has no line
/// of its own; cited is the trouble that it would explain.
class ResourceAnalyst final : public Analyst {
 public:
  explicit ResourceAnalyst(const correlation::Topology& topology) : m_topology(topology) {}
  std::string name() const override { return "Resources"; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const correlation::Topology& m_topology;
};

}  // namespace aiops::analysis
