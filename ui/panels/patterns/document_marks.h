// Which stretches of a pattern document are coloured, and how.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/code_edit.h"

namespace aiops::ui {

/// The named group `index` of an expression: the same colour in the form, in its chips and in the preview.
theme::Token captureToken(size_t index);

/// Named groups of an expression, and escapes.
std::vector<CodeEdit::Mark> expressionMarks(const QString& line);

/// Keys, comments, quoted text, numbers and escapes of a line of YAML.
std::vector<CodeEdit::Mark> yamlMarks(const QString& line);

}  // namespace aiops::ui
