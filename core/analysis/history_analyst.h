// What past incidents that were like this one turned out to be.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/analyst.h"
#include "knowledge/incident_memory.h"

namespace aiops::analysis {

/// Believes only causes that a person stated or a checked fix proved: what the analysts alone once said must
/// not become its own proof. Past incidents that differ in their cause speak against each other.
class HistoryAnalyst final : public Analyst {
 public:
  explicit HistoryAnalyst(const knowledge::IncidentMemory& memory) : m_memory(memory) {}
  std::string name() const override { return "History"; }
  bool remembers() const override { return true; }
  std::vector<Claim> analyse(const CaseFile& file) const override;

 private:
  const knowledge::IncidentMemory& m_memory;
};

}  // namespace aiops::analysis
