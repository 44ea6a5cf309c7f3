// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/service_effect.h"

namespace aiops::remediation {
namespace {

using model::UnitState;

enum class Instance : uint8_t { Same, Another, Unknown };

Instance instanceOf(const UnitState& before, const UnitState& now) {
  if (before.invocation.empty() || now.invocation.empty()) return Instance::Unknown;
  return before.invocation == now.invocation ? Instance::Same : Instance::Another;
}

StepEffect judgeStart(const std::string& verb, const UnitState& before, const UnitState& now) {
  const Instance instance = instanceOf(before, now);
  if (now.active && (verb == "start" || !before.active)) return StepEffect::Applied;
  if (now.active) {
    if (instance == Instance::Unknown) return StepEffect::Unknown;
    return instance == Instance::Another ? StepEffect::Applied : StepEffect::NotApplied;
  }
  if (before.active || instance == Instance::Another) return StepEffect::Broken;
  return instance == Instance::Same ? StepEffect::NotApplied : StepEffect::Unknown;
}

StepEffect judgeStop(const UnitState& before, const UnitState& now) {
  if (!now.active) return StepEffect::Applied;
  return instanceOf(before, now) == Instance::Same ? StepEffect::NotApplied : StepEffect::Unknown;
}

StepEffect judgeReload(const UnitState& before, const UnitState& now) {
  if (!now.active || instanceOf(before, now) == Instance::Another) return StepEffect::Broken;
  if (now.changedAt == 0) return StepEffect::Unknown;
  return now.changedAt > before.changedAt ? StepEffect::Applied : StepEffect::NotApplied;
}

}  // namespace

StepEffect judgeVerb(const std::string& verb, const UnitState& before, const UnitState& now) {
  if (verb == "stop") return judgeStop(before, now);
  if (verb == "reload") return judgeReload(before, now);
  return judgeStart(verb, before, now);
}

bool alreadySo(const std::string& verb, const UnitState& now) {
  return (verb == "start" && now.active) || (verb == "stop" && !now.active);
}

}  // namespace aiops::remediation
