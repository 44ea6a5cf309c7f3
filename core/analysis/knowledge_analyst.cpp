// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/knowledge_analyst.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "analysis/case_view.h"

namespace aiops::analysis {
namespace {

using model::NodeType;

constexpr double kSpan = 0.1;    // from even odds to the most that experience says
constexpr double kUnseen = 1.0;  // weight of causes that never were
constexpr double kNoSign = 0.5;  // of what is believed when nothing that is seen now was a sign of it
constexpr double kLeastSaid = 0.3;
constexpr size_t kCited = 3;

/// What speaks for one cause of one service.
struct Support {
  double ofService = 0, ofSign = 0;  ///< share among all causes, 0 to 1
  uint32_t incidents = 0, signIncidents = 0;
  std::string sign;
  double belief() const { return ofSign > 0 ? 1 - (1 - ofService) * (1 - ofSign) : kNoSign * ofService; }
};
using Supports = std::map<std::string, Support>;  // by kind

struct Part {
  std::set<std::string> signs;  ///< that the service shows now
};

std::string signOf(const model::Event& event) {
  return event.signal.empty() ? event.patternId : event.signal;
}

bool isTrouble(const model::Event& event) {
  return event.severity >= model::Severity::Warning;
}

/// The services of the case: those that show something, and those that are pointed at.
std::map<std::string, Part> partsOf(const CaseFile& file) {
  std::map<std::string, Part> parts;
  for (const auto& event : file.events) {
    auto& part = parts[event.service];
    if (isTrouble(event)) part.signs.insert(signOf(event));
  }
  for (const auto& [event, services] : file.blame) {
    for (const auto& service : services) parts[service];
  }
  return parts;
}

/// Weights fade alike, so that any one time serves for the shares; the case's own makes it the same again.
base::TimePoint timeOf(const CaseFile& file) {
  auto time = file.incident.startedAt;
  for (const auto& event : file.events) time = std::max(time, event.last);
  return time;
}

template <class Add>
void addShares(const std::vector<knowledge::Experience>& all, Add add) {
  double sum = kUnseen;
  for (const auto& one : all) sum += one.weight;
  for (const auto& one : all) {
    if (one.proved >= knowledge::kLeastProved) add(one, one.weight / sum);
  }
}

Supports supportsFor(const knowledge::Graph& graph, const std::string& service, const Part& part,
                     base::TimePoint now) {
  Supports out;
  addShares(graph.experienceOf({NodeType::Service, service}, now), [&](const auto& one, double share) {
    out[one.kind].ofService = share;
    out[one.kind].incidents = one.proved;
  });
  for (const auto& sign : part.signs) {
    addShares(graph.experienceOf({NodeType::Template, sign}, now), [&](const auto& one, double share) {
      auto& support = out[one.kind];
      if (share <= support.ofSign) return;
      support.ofSign = share;
      support.signIncidents = one.proved;
      support.sign = sign;
    });
  }
  return out;
}

/// Lines of the service itself, those with the sign first; else lines that point at it.
void citeCase(const CaseFile& file, const std::string& service, const Support& support, Claim& claim) {
  const auto pointsAt = [&](const model::Event& event) {
    const auto blamed = file.blame.find(event.id);
    return blamed != file.blame.end() && listed(blamed->second, service);
  };
  const std::array<std::function<bool(const model::Event&)>, 3> ways{
      [&](const model::Event& event) { return event.service == service && signOf(event) == support.sign; },
      [&](const model::Event& event) { return event.service == service; }, pointsAt};
  for (const auto& fits : ways) {
    for (const auto& event : file.events) {
      if (claim.evidence.size() >= kCited) return;
      if (isTrouble(event) && fits(event)) cite(claim.evidence, event, 1, "seen before such a cause");
    }
    if (!claim.evidence.empty()) return;
  }
}

std::string noteOf(const std::string& service, const Support& support) {
  std::string note;
  if (support.incidents > 0)
    note = service + " failed in this way in " + std::to_string(support.incidents) + " incidents";
  if (support.signIncidents > 0) {
    note += (note.empty() ? "" : "; ") + support.sign + " was the sign of it in " +
            std::to_string(support.signIncidents);
  }
  return note;
}

}  // namespace

std::vector<Claim> KnowledgeAnalyst::analyse(const CaseFile& file) const {
  std::vector<Claim> claims;
  const auto now = timeOf(file);
  for (const auto& [service, part] : partsOf(file)) {
    for (const auto& [kind, support] : supportsFor(m_graph, service, part, now)) {
      if (support.belief() < kLeastSaid) continue;
      Claim claim{.service = service,
                  .kind = kind,
                  .statement = service + " failed as it did before: " + kind,
                  .confidence = 0.5 + kSpan * support.belief(),
                  .evidence = {},
                  .against = {},
                  .note = noteOf(service, support)};
      citeCase(file, service, support, claim);
      if (!claim.evidence.empty()) claims.push_back(std::move(claim));
    }
  }
  return claims;
}

}  // namespace aiops::analysis
