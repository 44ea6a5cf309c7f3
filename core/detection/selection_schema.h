// What a selection of records may say: expressions, tests of fields, levels. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detection/schema_rows.h"
#include "detection/selection.h"
#include "model/severity.h"

namespace aiops::detection {

/// The names of the levels, the lowest first.
std::vector<std::string> severities();
/// Throws Broken for another word.
std::optional<model::Severity> severityOf(const YAML::Node& node, const std::string& key);

const Rows<Selection>& selectionRows();

}  // namespace aiops::detection
