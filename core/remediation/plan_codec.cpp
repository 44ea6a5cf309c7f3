// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/plan_codec.h"

#include "model/json.h"

namespace aiops::remediation {

using base::ErrorCode;
using base::fail;

bool nestsDeeperThan(std::string_view json, int limit) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (inString) {
      if (c == '\\') ++i;
      if (c == '"') inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limit) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

base::Result<model::Plan> parsePlan(std::string_view bytes) {
  if (bytes.size() > kMaxPlanBytes) return fail(ErrorCode::LimitExceeded, "plan is too large");
  if (nestsDeeperThan(bytes, 16)) return fail(ErrorCode::InvalidInput, "plan nests too deep");
  try {
    auto plan = nlohmann::json::parse(bytes).get<model::Plan>();
    if (model::canonicalBytes(plan) != bytes)
      return fail(ErrorCode::InvalidInput, "plan is not in canonical form");
    return plan;
  } catch (const std::exception& error) {
    return fail(ErrorCode::InvalidInput, std::string("not a plan: ") + error.what());
  }
}

std::vector<int> undoOrder(const model::Plan& plan, size_t count) {
  std::vector<int> order;
  for (const bool deferred : {false, true}) {
    for (size_t i = count; i-- > 0;) {
      if (plan.steps[i].inverseDeferred == deferred) order.push_back(static_cast<int>(i));
    }
  }
  return order;
}

}  // namespace aiops::remediation
