// Shows what was changed in configuration files before a failure, line by line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/specialist.h"
#include "correlation/topology.h"

namespace aiops::analysis {

/// For the service that a diagnosis names first, and what it depends on: of each configuration file that was
/// changed within a day before the first sign or since, its difference to the last known good ("difference"),
/// and of certificates that they were replaced or end ("certificate"). The nearest before the first sign
/// first, at most kMost.
class ChangeSpecialist final : public Specialist {
 public:
  static constexpr size_t kMost = 5;

  explicit ChangeSpecialist(const correlation::Topology& topology) : m_topology(topology) {}
  std::vector<model::Finding> examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                      const Reread& reread) const override;

 private:
  const correlation::Topology& m_topology;
};

}  // namespace aiops::analysis
