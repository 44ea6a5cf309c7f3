// Learns from outcomes how far analysts and their consensus can be believed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "model/calibration.h"

namespace aiops::analysis {

/// Of every analyst, until outcomes have taught better.
inline constexpr double kReliability = 0.85;

/// What is made of probabilities. As it comes it leaves what was pooled as it is.
struct Calibration {
  double slope = 1;
  double offset = 0;
  std::map<std::string, double> reliability;  ///< by analyst

  /// Of what the analysts gave together: the probability to tell. Never changes the order of two.
  double told(double pooled) const;
  double reliabilityOf(const std::string& analyst) const;
};

/// Fits logistic curves by maximum a posteriori: of told to pooled (Platt scaling) and of each analyst's word
/// without an offset, since no analyst speaks of what it knows nothing of. The priors are what holds without
/// a case and weigh as much as some ten cases, so few outcomes change little. Deterministic.
Calibration learnCalibration(const std::deque<model::JudgedDiagnosis>& judged);

/// How told and right compare, with what is in force now.
model::CalibrationReport calibrationReport(const std::deque<model::JudgedDiagnosis>& judged,
                                           const Calibration& inForce);

/// The judged diagnoses and what was learnt from them. Thread safe.
class CalibrationBook {
 public:
  /// Replaces all of them.
  void load(std::vector<model::JudgedDiagnosis> judged) AIOPS_EXCLUDES(m_mutex);
  /// Adds or replaces by incident; the oldest leaves for one too many (model::kMostJudged).
  void judge(model::JudgedDiagnosis judged) AIOPS_EXCLUDES(m_mutex);
  void forget(const model::IncidentId& incident) AIOPS_EXCLUDES(m_mutex);
  bool knows(const model::IncidentId& incident) const AIOPS_EXCLUDES(m_mutex);

  Calibration inForce() const AIOPS_EXCLUDES(m_mutex);
  model::CalibrationReport report() const AIOPS_EXCLUDES(m_mutex);

 private:
  void drop(const model::IncidentId& incident) AIOPS_REQUIRES(m_mutex);
  void learn() AIOPS_REQUIRES(m_mutex);

  mutable base::Mutex m_mutex;
  std::deque<model::JudgedDiagnosis> m_judged AIOPS_GUARDED_BY(m_mutex);  ///< by end, then by incident
  Calibration m_inForce AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::analysis
