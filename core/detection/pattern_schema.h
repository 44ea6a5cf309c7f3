// The types of pattern as a table: what each may say, how that is read, written and checked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "detection/pattern.h"
#include "model/pattern_type.h"

namespace YAML {
class Node;
}

namespace aiops::detection {

/// All types with all their keys, for forms and documentation.
const std::vector<model::PatternType>& patternTypes();

/// `document` without what is as by default; keys in the order of the schema. Reading it gives the same
/// again.
nlohmann::ordered_json toJson(const PatternDocument& document);
/// The same as YAML, in block style.
std::string toYaml(const PatternDocument& document);

/// What the document's type says, as text: differs when what is detected does. Internal to detection.
std::string kindText(const PatternDocument& document);

/// Reads `node` into `document`. Throws Broken or YAML::Exception. Internal to detection.
void readPattern(PatternDocument& document, const YAML::Node& node);

}  // namespace aiops::detection
