// Which index would help, from the slow statements that a case cites.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/specialist.h"

namespace aiops::analysis {

/// Type "missing_index". Plans of auto_explain are believed whatever the cause is: they count the rows that
/// were read in vain. Statements alone count only where a missing index is the likeliest cause. What is
/// proposed is text to read: names are checked and quoted, and nothing else from a log is in it. Where no
/// index can be proposed the finding says why.
class IndexSpecialist final : public Specialist {
 public:
  std::vector<model::Finding> examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                      const Reread& reread) const override;
};

}  // namespace aiops::analysis
