// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/host_verb.h"

#include <algorithm>

namespace aiops::remediation {

using base::ErrorCode;
using base::fail;
using base::Result;

base::Result<model::HostAct> HostVerb::bind(const model::Facts& given, std::chrono::milliseconds timeout,
                                            const HostWorld& world) const {
  model::HostAct act{.verb = std::string(name()), .arguments = {}, .seen = {}, .timeout = timeout};
  for (const auto& argument : arguments()) {
    const auto found = given.find(std::string(argument.name));
    if (found == given.end()) {
      if (argument.optional) continue;
      return fail(ErrorCode::NotFound, "no value for '" + std::string(argument.name) + "'", act.verb);
    }
    auto value = argument.valid(found->second);
    if (!value) return fail(value.error().code, value.error().what, act.verb + "." + found->first);
    act.arguments[found->first] = *std::move(value);
  }
  if (auto may = allowed(act, world); !may) return std::unexpected(may.error());
  auto seen = look(act, world);
  if (!seen) return std::unexpected(seen.error());
  act.seen = *std::move(seen);
  act.line = line(act, false);
  if (canUndo(act)) act.undoLine = line(act, true);
  return act;
}

base::Result<> HostVerb::check(const model::HostAct& act, const HostWorld& world) const {
  for (const auto& argument : arguments()) {
    const auto found = act.arguments.find(std::string(argument.name));
    if (found == act.arguments.end() && argument.optional) continue;
    if (found == act.arguments.end())
      return fail(ErrorCode::InvalidInput, "no value for '" + std::string(argument.name) + "'", act.verb);
    const auto value = argument.valid(found->second);
    if (!value || *value != found->second)
      return fail(ErrorCode::InvalidInput, "not a value for '" + found->first + "'", act.verb);
  }
  for (const auto& [name, value] : act.arguments) {
    if (std::ranges::find(arguments(), name, &HostArgument::name) == arguments().end())
      return fail(ErrorCode::InvalidInput, "unknown argument '" + name + "'", act.verb);
  }
  const auto undoLine = canUndo(act) ? line(act, true) : std::vector<std::string>();
  if (act.line != line(act, false) || act.undoLine != undoLine)
    return fail(ErrorCode::InvalidInput, "what is shown is not what is done", act.verb);
  return allowed(act, world);
}

base::Result<> HostVerb::checkSeen(const model::HostAct& act, const HostWorld& world) const {
  const auto now = look(act, world);
  if (!now) return std::unexpected(now.error());
  if (*now == act.seen) return {};
  return fail(ErrorCode::Stale, "what it acts on is not as when approved", act.verb);
}

const std::vector<std::unique_ptr<HostVerb>>& hostVerbs() {
  static const auto verbs = [] {
    std::vector<std::unique_ptr<HostVerb>> all;
    all.push_back(makeBlock());
    all.push_back(makeMoveFile());
    all.push_back(makeSignal());
    all.push_back(makeTruncateFile());
    all.push_back(makeWait());
    return all;
  }();
  return verbs;
}

const HostVerb* findHostVerb(std::string_view name) {
  for (const auto& verb : hostVerbs()) {
    if (verb->name() == name) return verb.get();
  }
  return nullptr;
}

}  // namespace aiops::remediation
