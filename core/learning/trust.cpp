// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/trust.h"

#include <boost/math/special_functions/beta.hpp>

namespace aiops::learning {
namespace {

std::string inWords(uint32_t worked, uint32_t tried) {
  if (tried == 0) return "never tried here";
  return "worked " + std::to_string(worked) + " of " + std::to_string(tried) + " here";
}

}  // namespace

std::string contextOf(const std::string& service, const std::string& kind) {
  return service + "/" + kind;
}

model::Trust trustFrom(std::string playbookId, std::string context, uint32_t worked, uint32_t tried) {
  const double a = worked + 1.0, b = tried - worked + 1.0;
  return {.playbookId = std::move(playbookId),
          .context = std::move(context),
          .worked = worked,
          .tried = tried,
          .mean = a / (a + b),
          .low = boost::math::ibeta_inv(a, b, 0.05),
          .high = boost::math::ibeta_inv(a, b, 0.95),
          .words = inWords(worked, tried)};
}

model::Trust trustFrom(std::string playbookId, std::string context,
                       const std::vector<model::Outcome>& outcomes) {
  uint32_t worked = 0, tried = 0;
  for (const auto& outcome : outcomes) {
    if (outcome.playbookId != playbookId || outcome.context != context) continue;
    ++tried;
    if (outcome.result == model::OutcomeResult::Worked) ++worked;
  }
  return trustFrom(std::move(playbookId), std::move(context), worked, tried);
}

}  // namespace aiops::learning
