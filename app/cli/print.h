// Answers as text for a terminal. Everything that may come from outside passes SafeText.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "model/audit.h"
#include "model/fix.h"

namespace aiops::app {

/// Foreign text, safe for a terminal.
std::string safe(const std::string& text);

/// In ASCII: what would act on a terminal is escaped.
int printJson(const nlohmann::json& value);
/// `answer` as GET /agents/status, GET /investigations and GET /fixes give it. Return exit statuses.
int printAgents(const nlohmann::json& answer);
int printIncidents(const nlohmann::json& answer);
int printFixes(const nlohmann::json& answer);
/// Exactly what an approval would run.
void printPlan(const model::FixProposal& fix);
/// `answer` as POST /fixes/ID/dry-run gives it; 0 when nothing stands in the way, else 1.
int printDryRun(const nlohmann::json& answer);
/// 0 when the chain is whole, else 1. `quiet` prints nothing.
int printVerification(const model::AuditVerification& found, bool quiet = false);

}  // namespace aiops::app
