// A line that a pattern matches, as it is shown: escaped, with the match and its captures marked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "model/pattern.h"
#include "models/shown_text.h"

namespace aiops::ui {

/// Safe to draw as plain text. Spans are UTF-16 units, ascending, and may lie in one another.
struct PreviewLine {
  QString text;
  std::vector<TextSpan> escapes;
  std::vector<TextSpan> matches;
  std::vector<TextSpan> captures;
};

/// Spans that lie outside the text, whoever gave them, are left out. At most 4 kB of the line are shown.
PreviewLine previewLine(const model::PatternHit& hit);

/// A stretch of a PreviewLine in one look.
struct PreviewRun {
  int first = 0;
  int last = 0;
  bool escape = false, match = false, capture = false;
  bool operator==(const PreviewRun&) const = default;
};

/// The runs of [from, to), ascending, without gaps.
std::vector<PreviewRun> previewRuns(const PreviewLine& line, int from, int to);

/// Where to begin so that the match is in view when `units` units fit: 0, or some words before the match.
int previewStart(const PreviewLine& line, int units);

}  // namespace aiops::ui
