// From events to a diagnosis: analysts claim, the evidence gate re-reads what they cite, the consensus pools.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/analyst.h"
#include "analysis/calibration.h"
#include "analysis/evidence_gate.h"
#include "analysis/model_opinion.h"
#include "analysis/specialist.h"

namespace aiops::analysis {

/// Thread safe if `reread` is. Without a calibration every analyst is believed alike and what is pooled is
/// told.
///
/// Consensus: the analysts' log-odds are added, each weighted with its learnt reliability and capped so that
/// none decides alone; what comes out is calibrated by how earlier diagnoses turned out. A hypothesis is
/// confirmed at 0.9 with two analysts and every quote verified, if no other service is blamed as surely;
/// likely at 0.6. A hypothesis none of whose citations can be verified is shown as unverified and counts
/// little. With no event at error or above the verdict is "healthy"; with no hypothesis at 0.6 it is
/// "inconclusive". What specialists find is shown if a line that they cite holds.
class Diagnostician {
 public:
  Diagnostician(std::vector<std::unique_ptr<Analyst>> analysts, const correlation::Topology& topology,
                Reread reread, std::vector<std::unique_ptr<Specialist>> specialists = {},
                const CalibrationBook* calibration = nullptr);

  model::Diagnosis diagnose(const CaseFile& file, base::TimePoint now) const;
  /// A diagnosis of diagnose() with a model's opinion, whose lines pass the same gate; see model_opinion.h.
  model::Diagnosis withOpinion(const model::Diagnosis& built, const ModelOpinion& opinion) const;

 private:
  struct Attributed {
    std::string analyst;
    Claim claim;
    bool remembers = false;
  };

  std::vector<Attributed> claimsOf(const CaseFile& file) const;
  static std::set<std::pair<std::string, std::string>> candidates(const std::vector<Attributed>& claims);
  static double weightOf(const Attributed& said, const Calibration& calibration);
  static model::Hypothesis pool(const std::string& service, const std::string& kind,
                                const std::vector<Attributed>& claims, const Calibration& calibration);
  void judge(model::Hypothesis& hypothesis, EvidenceGate& gate) const;
  static void compete(std::vector<model::Hypothesis>& hypotheses);
  void addExplained(model::Diagnosis& diagnosis, const CaseFile& file, EvidenceGate& gate) const;
  static void addOpinions(model::Diagnosis& diagnosis, const std::vector<Attributed>& claims,
                          const Calibration& calibration);
  void addFindings(model::Diagnosis& diagnosis, const CaseFile& file, EvidenceGate& gate) const;

  const std::vector<std::unique_ptr<Analyst>> m_analysts;
  const correlation::Topology& m_topology;
  const Reread m_reread;
  const std::vector<std::unique_ptr<Specialist>> m_specialists;
  const CalibrationBook* const m_calibration;
};

}  // namespace aiops::analysis
