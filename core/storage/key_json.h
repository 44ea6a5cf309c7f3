// JSON of the values of core/security that the store keeps; for the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/json.h"
#include "security/api_keys.h"
#include "security/audit_chain.h"

namespace aiops::storage {

inline const std::string kAuditHeadNote = "audit_head";
inline const std::string kAgentChoiceNote = "agent.";  ///< and the agent's id

}  // namespace aiops::storage

namespace aiops::security {

void to_json(nlohmann::json& json, const Scope& value);
void from_json(const nlohmann::json& json, Scope& value);
void to_json(nlohmann::json& json, const ApiKeyRecord& value);
void from_json(const nlohmann::json& json, ApiKeyRecord& value);
void to_json(nlohmann::json& json, const AuditHead& value);
void from_json(const nlohmann::json& json, AuditHead& value);

}  // namespace aiops::security
