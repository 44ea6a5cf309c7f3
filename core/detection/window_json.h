// Windows and evidence as JSON, for Detector::snapshot(). Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include "detection/window.h"

namespace aiops::detection {

struct WindowJson {
  static nlohmann::json write(const Window& window);
  /// Throws nlohmann::json::exception when `json` is not what write() gives.
  static Window read(const nlohmann::json& json);

 private:
  static nlohmann::json writeTally(const ValueTally& tally);
  static ValueTally readTally(const nlohmann::json& stored);
};

/// Keeps the microseconds, which the model's JSON does not. Reading throws nlohmann::json::exception.
nlohmann::json writeEvidence(const model::EvidenceRef& ref);
model::EvidenceRef readEvidence(const nlohmann::json& value);
nlohmann::json writeEvidence(const Evidence& refs);
Evidence readEvidenceList(const nlohmann::json& value);

}  // namespace aiops::detection
