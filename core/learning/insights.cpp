// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/insights.h"

#include <algorithm>
#include <map>
#include <set>

#include "learning/trust.h"

namespace aiops::learning {
namespace {

/// From here on something is a habit and no accident.
constexpr uint32_t kHabit = 2;

std::string times(uint32_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : std::to_string(count) + " times";
}

model::Insight trustInsight(const std::string& playbook, const std::string& context,
                            const std::vector<model::Outcome>& outcomes) {
  const auto trust = trustFrom(playbook, context, outcomes);
  model::Insight out{.id = "trust:" + playbook + ":" + context,
                     .kind = "trust",
                     .subject = playbook,
                     .statement = playbook + " " + trust.words + " (" + context + ")",
                     .cases = trust.tried,
                     .trust = trust};
  if (trust.worked < trust.tried && trust.tried >= kHabit)
    out.suggestion = "look at what its checks said when it was undone, before it is approved again";
  for (const auto& outcome : outcomes) {
    if (outcome.playbookId == playbook && outcome.context == context) out.at = std::max(out.at, outcome.at);
  }
  return out;
}

void addTrust(const std::vector<model::Outcome>& outcomes, std::vector<model::Insight>& out) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& outcome : outcomes) seen.emplace(outcome.playbookId, outcome.context);
  for (const auto& [playbook, context] : seen) out.push_back(trustInsight(playbook, context, outcomes));
}

/// One cause in one service.
struct Cause {
  uint32_t count = 0;
  uint32_t withoutFix = 0;
  base::TimePoint last;
};

void addCauses(const std::vector<EndedIncident>& ended, const std::set<model::IncidentId>& fixed,
               std::vector<model::Insight>& out) {
  std::map<std::pair<std::string, std::string>, Cause> causes;
  for (const auto& [incident, kind] : ended) {
    if (incident.services.empty() || kind.empty() || incident.falsePositive) continue;
    auto& cause = causes[{incident.services.front(), kind}];
    ++cause.count;
    if (!fixed.contains(incident.id)) ++cause.withoutFix;
    cause.last = std::max(cause.last, incident.endedAt.value_or(incident.startedAt));
  }
  for (const auto& [key, cause] : causes) {
    const auto context = contextOf(key.first, key.second);
    if (cause.count >= kHabit) {
      out.push_back(
          {.id = "repeat:" + context,
           .kind = "repeat",
           .subject = context,
           .statement = key.first + " failed by " + key.second + " " + times(cause.count),
           .suggestion = "the fixes end the failure, not its cause: look for what lets it come back",
           .cases = cause.count,
           .at = cause.last});
    }
    if (cause.withoutFix >= kHabit) {
      out.push_back({.id = "coverage:" + context,
                     .kind = "coverage",
                     .subject = context,
                     .statement = key.second + " of " + key.first + " ended " + times(cause.withoutFix) +
                                  " without a fix of ours",
                     .suggestion = "say in services: what " + key.first +
                                   " offers (config file, health URL, commands), so that a playbook fits",
                     .cases = cause.withoutFix,
                     .at = cause.last});
    }
  }
}

int rankOf(const std::string& kind) {
  return kind == "trust" ? 0 : kind == "repeat" ? 1 : 2;
}

}  // namespace

std::vector<model::Insight> insightsFrom(const std::vector<model::Outcome>& outcomes,
                                         const std::vector<EndedIncident>& ended) {
  std::set<model::IncidentId> fixed;
  for (const auto& outcome : outcomes) {
    if (outcome.result == model::OutcomeResult::Worked) fixed.insert(outcome.incident);
  }
  std::vector<model::Insight> out;
  addTrust(outcomes, out);
  addCauses(ended, fixed, out);
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) {
    return std::tuple(rankOf(a.kind), -static_cast<int64_t>(a.cases), a.id) <
           std::tuple(rankOf(b.kind), -static_cast<int64_t>(b.cases), b.id);
  });
  return out;
}

}  // namespace aiops::learning
