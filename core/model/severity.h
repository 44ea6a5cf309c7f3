// How bad a line, an event or an incident is, and how risky a fix is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace aiops::model {

enum class Severity : uint8_t { Debug, Info, Warning, Error, Critical };
enum class Risk : uint8_t { Low, Medium, High };

/// "debug", "info", "warning", "error", "critical".
std::string_view toString(Severity severity);
std::optional<Severity> severityFromString(std::string_view text);
/// "low", "medium", "high".
std::string_view toString(Risk risk);
std::optional<Risk> riskFromString(std::string_view text);

void to_json(nlohmann::json& json, const Severity& value);
void from_json(const nlohmann::json& json, Severity& value);
void to_json(nlohmann::json& json, const Risk& value);
void from_json(const nlohmann::json& json, Risk& value);

}  // namespace aiops::model
