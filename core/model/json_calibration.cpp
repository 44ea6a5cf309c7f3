// The JSON mapping of judged diagnoses and what was learnt from them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/calibration.h"
#include "model/json.h"

namespace aiops::model {

AIOPS_DEFINE_ENUM_JSON(Judge, Judge::Person)
AIOPS_DEFINE_JSON(JudgedHypothesis, service, kind, pooled, confidence, right)
AIOPS_DEFINE_JSON(JudgedOpinion, analyst, confidence, right)
AIOPS_DEFINE_JSON(JudgedDiagnosis, incident, number, at, by, hypotheses, opinions)
AIOPS_DEFINE_JSON(ReliabilityBin, from, to, told, right, low, high, cases)
AIOPS_DEFINE_JSON(AnalystRecord, analyst, reliability, opinions, right)
AIOPS_DEFINE_JSON(CalibrationReport, cases, right, brier, brierPooled, error, slope, offset, bins, analysts)

}  // namespace aiops::model
