// How far a playbook can be trusted in a context: the Beta posterior of its outcomes there.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/fix.h"

namespace aiops::learning {

/// The context in which outcomes are comparable: "web/memory_limit_reached".
std::string contextOf(const std::string& service, const std::string& kind);

/// Posterior of the success rate after `worked` of `tried`, from a uniform prior: mean (worked+1)/(tried+2)
/// and the central 90 % interval.
model::Trust trustFrom(std::string playbookId, std::string context, uint32_t worked, uint32_t tried);

/// Counts the outcomes of one playbook in one context. An outcome that did not work counts as tried.
model::Trust trustFrom(std::string playbookId, std::string context,
                       const std::vector<model::Outcome>& outcomes);

}  // namespace aiops::learning
