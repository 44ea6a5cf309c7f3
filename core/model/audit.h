// One entry of the audit chain.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"

namespace aiops::model {

/// Who did what to which object, why, and with what result. `sequence`, `previousHash`, `hash` and
/// `signature` are set when the executor appends it.
struct AuditEntry {
  uint64_t sequence = 0;
  base::TimePoint at;
  std::string who;   ///< "engine", "executor", "local operator", "key NAME"
  std::string what;  ///< for example "fix.approve", "step.result", "automation.stop"
  std::string target;
  std::string why;
  std::string result;
  std::string incident;
  std::string previousHash;
  std::string hash;
  std::string signature;
};

/// What a walk over the chain found.
struct AuditVerification {
  bool whole = false;
  uint64_t entries = 0;
  uint64_t brokenAt = 0;  ///< sequence of the first bad entry, if not whole
  std::string problem;
  std::string headHash;
};

void to_json(nlohmann::json& json, const AuditEntry& value);
void from_json(const nlohmann::json& json, AuditEntry& value);
void to_json(nlohmann::json& json, const AuditVerification& value);
void from_json(const nlohmann::json& json, AuditVerification& value);

}  // namespace aiops::model
