// JSON as it crosses the HTTP border: strict on the way in, snake_case on the way out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "security/redaction.h"

namespace aiops::api {

/// Parses an object. Nesting is bounded before any tree exists (a deep tree overflows the stack), and a key
/// that stands twice is refused because two readers could disagree about it. InvalidInput says what is wrong.
base::Result<nlohmann::json> parseStrict(std::string_view text, size_t maxDepth = 64);

/// The values' member names (camelCase) as snake_case, at any depth. The inside of `captures` and
/// `parameters` is data and stays as it is.
nlohmann::json snakeKeys(nlohmann::json json);

/// Takes secrets out of the members that carry foreign or free text (log lines, captures, outputs, reasons).
/// Plans, ids and hashes stay as they are: what is approved must be seen exactly.
void redactTexts(nlohmann::json& json, const security::Redactor& redactor);
/// Takes secrets out of the plans too (arguments, parameters), for those who can't approve them.
void redactPlans(nlohmann::json& json, const security::Redactor& redactor);

/// Replaces the file bytes of every plan in `json` (`edit.before`, `edit.after`) by their SHA-256: a
/// configuration file may hold passwords, and only who may approve has to see what is approved byte for byte.
void withholdFileBytes(nlohmann::json& json);

}  // namespace aiops::api
