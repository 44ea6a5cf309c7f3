// What diagnoses turned out to be worth, and what follows for the next ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/ids.h"

namespace aiops::model {

/// Who says whether a diagnosis was right; the later ones weigh more.
enum class Judge : uint8_t {
  UndoneFix,  ///< what should have cured it was done and checked, and did not help: probably wrong
  Fix,        ///< a fix for that kind of cause was checked and worked
  Person,     ///< stated the cause, or that nothing was wrong
};
std::string_view toString(Judge judge);

struct JudgedHypothesis {
  std::string service;
  std::string kind;
  double pooled = 0;      ///< what the analysts gave together
  double confidence = 0;  ///< as it was told
  bool right = false;
};

struct JudgedOpinion {
  std::string analyst;
  double confidence = 0;
  bool right = false;
};

/// The last diagnosis of an incident that has ended, beside what its cause turned out to be.
struct JudgedDiagnosis {
  IncidentId incident;
  uint64_t number = 0;
  base::TimePoint at;  ///< when the incident ended
  Judge by = Judge::Fix;
  std::vector<JudgedHypothesis> hypotheses;  ///< best first
  std::vector<JudgedOpinion> opinions;
};

/// The oldest leave for more: how well the program does is a question of lately.
inline constexpr size_t kMostJudged = 2'000;

/// How often the best hypothesis was right, of those told with about the same confidence.
struct ReliabilityBin {
  double from = 0;  ///< told with at least that, and less than
  double to = 0;
  double told = 0;   ///< the mean
  double right = 0;  ///< share
  double low = 0;    ///< 90 % interval of the share
  double high = 0;
  uint32_t cases = 0;
};

/// How far an analyst is believed: 1 is by its word, 0 not at all.
struct AnalystRecord {
  std::string analyst;
  double reliability = 0;
  uint32_t opinions = 0;
  uint32_t right = 0;
};

/// Of the best hypotheses; figures without a case are absent. Brier scores and the error are of what was told
/// at the time, so nothing in them was fitted to its own outcome.
struct CalibrationReport {
  uint32_t cases = 0;
  uint32_t right = 0;
  std::optional<double> brier;        ///< of the confidence that was told: 0 is perfect, 0.25 is saying 0.5
  std::optional<double> brierPooled;  ///< of what it would have been without calibration
  std::optional<double> error;        ///< mean distance of told and right over the bins, by their cases
  double slope = 1;                   ///< in force now: log-odds told = slope * pooled + offset
  double offset = 0;
  std::vector<ReliabilityBin> bins;  ///< those with a case, ascending
  std::vector<AnalystRecord> analysts;
};

void to_json(nlohmann::json& json, const Judge& value);
void from_json(const nlohmann::json& json, Judge& value);
void to_json(nlohmann::json& json, const JudgedHypothesis& value);
void from_json(const nlohmann::json& json, JudgedHypothesis& value);
void to_json(nlohmann::json& json, const JudgedOpinion& value);
void from_json(const nlohmann::json& json, JudgedOpinion& value);
void to_json(nlohmann::json& json, const JudgedDiagnosis& value);
void from_json(const nlohmann::json& json, JudgedDiagnosis& value);
void to_json(nlohmann::json& json, const ReliabilityBin& value);
void from_json(const nlohmann::json& json, ReliabilityBin& value);
void to_json(nlohmann::json& json, const AnalystRecord& value);
void from_json(const nlohmann::json& json, AnalystRecord& value);
void to_json(nlohmann::json& json, const CalibrationReport& value);
void from_json(const nlohmann::json& json, CalibrationReport& value);

}  // namespace aiops::model
