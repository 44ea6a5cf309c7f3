// A pattern document that becomes another type of pattern.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/pattern_type.h"
#include "models/pattern_text.h"

namespace aiops::ui {

/// The type by that name, or null.
const model::PatternType* typeNamed(const std::vector<model::PatternType>& types, const std::string& name);

/// `document` as `type`: fields that this type does not have go, and what it can't do without is put there as
/// far as the document tells it: the text of a sample, its `expression` (or the one that it had before) as
/// the first step. `before`, the document when it last was of this type, gives the fields that went then
/// back.
PatternText retyped(const PatternText& document, const model::PatternType& type,
                    const PatternNode& expression, const PatternText* before = nullptr);

}  // namespace aiops::ui
