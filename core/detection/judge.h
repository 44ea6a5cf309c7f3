// What one pattern makes of one record, and why: for previews.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "detection/pattern.h"
#include "model/log_record.h"
#include "model/pattern.h"

namespace aiops::detection {

struct Judgement {
  bool matches = false;                   ///< the expression does
  std::string why;                        ///< what else stands in the way, or empty
  std::string group;                      ///< value of what the pattern groups by, or empty
  std::string value;                      ///< of what the threshold's `distinct` names, or empty
  std::vector<model::CaptureSpan> spans;  ///< in the record's whole text; none for a field outside of it
};

/// `index` is the pattern's place in the set. Thresholds are not looked at.
Judgement judge(const PatternSet& patterns, size_t index, const model::LogBatch& batch,
                const model::LogRecord& record);

}  // namespace aiops::detection
