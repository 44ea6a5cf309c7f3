// Who attacks, from the failed logins that a case counts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/specialist.h"

namespace aiops::analysis {

/// Type "attack". Speaks where an event says that passwords are tried, or that somebody got in after that.
/// Addresses come from what patterns tally (model::TallyRow) and from keys of events; only what is an IP
/// address counts. A login that succeeded after failures comes first. The text is the list of addresses, the
/// busiest first, one a line.
class AttackSpecialist final : public Specialist {
 public:
  std::vector<model::Finding> examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                      const Reread& reread) const override;
};

}  // namespace aiops::analysis
