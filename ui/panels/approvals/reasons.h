// The sections of ReasonsView for a fix. Pure: tested without a window.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/approvals/reasons_view.h"
#include "service/operations.h"

namespace aiops::ui {

/// `incident` may be null (not answered yet). While the fix runs "Checks" shows how many have passed.
std::vector<ReasonSection> reasonsFor(const model::FixProposal& fix, const service::Investigation* incident,
                                      const std::vector<model::Trust>& trust);

}  // namespace aiops::ui
