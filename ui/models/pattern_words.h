// What the keys and choices of a pattern's schema are called on the screen.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "model/pattern_type.h"

namespace aiops::ui {

/// "Counted over" for `bucket_seconds`. A key that has no words of its own shows its name as a sentence.
QString keyWords(const model::PatternKey& key);
/// "Sustained growth" for `sustained_growth`.
QString choiceWords(const std::string& choice);

}  // namespace aiops::ui
