// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/change_specialist.h"

#include <algorithm>
#include <map>

#include "analysis/case_view.h"
#include "analysis/change_history.h"

namespace aiops::analysis {
namespace {

using model::ChangeKind;

bool isShown(const model::Change& change) {
  return change.kind == ChangeKind::Certificate || !change.difference.empty() || !change.drift.empty();
}

/// The first line of the service that tells of trouble; else the first of all.
const model::Event* firstSign(const CaseFile& file, const std::string& service) {
  const model::Event* best = nullptr;
  for (const auto& event : file.events) {
    if (!CaseView::trouble(event) || event.evidence.empty()) continue;
    const bool nearer = best != nullptr && (best->service == service) != (event.service == service)
                            ? event.service == service
                            : best == nullptr || event.first < best->first;
    if (nearer) best = &event;
  }
  return best;
}

std::string whenText(base::TimePoint at, base::TimePoint sign) {
  if (at <= sign) return spanText(sign - at) + " before the first sign";
  return spanText(at - sign) + " after the first sign";
}

/// Lines that begin with `sign`, behind the head of the difference.
size_t countLines(const std::string& difference, char sign) {
  size_t count = 0;
  const auto body = difference.find("\n@@ ");
  for (size_t at = body; at != std::string::npos; at = difference.find('\n', at + 1)) {
    if (at + 1 < difference.size() && difference[at + 1] == sign) ++count;
  }
  return count;
}

void addDifference(model::Finding& finding, const model::Change& change) {
  finding.type = "difference";
  finding.text = change.drift.empty() ? change.difference : change.drift;
  finding.fields.push_back({"lines", std::to_string(countLines(finding.text, '+')) + " added, " +
                                         std::to_string(countLines(finding.text, '-')) + " removed"});
  if (change.goodSince)
    finding.fields.push_back(
        {"compared with", "the file as it had been since " + base::toIso8601(*change.goodSince)});
}

model::Finding findingOf(const model::Change& change, const model::Event& sign) {
  const auto when = whenText(change.at, sign.first);
  model::Finding finding{.type = "certificate",
                         .service = change.service,
                         .title = change.service + " " + change.what + ", " + when,
                         .fields = {{"file", change.source}, {"when", base::toIso8601(change.at)}}};
  if (change.kind != ChangeKind::Certificate) addDifference(finding, change);
  if (!change.from.empty()) finding.fields.push_back({"from", change.from});
  if (!change.to.empty()) finding.fields.push_back({"to", change.to});
  if (change.evidence)
    finding.evidence.push_back({.evidence = *change.evidence, .reason = "tells of the change"});
  cite(finding.evidence, sign, 1, "first sign");
  return finding;
}

}  // namespace

std::vector<model::Finding> ChangeSpecialist::examine(const CaseFile& file, const model::Diagnosis& diagnosis,
                                                      const Reread&) const {
  if (diagnosis.hypotheses.empty()) return {};
  const auto& service = diagnosis.hypotheses.front().service;
  const auto* sign = firstSign(file, service);
  if (sign == nullptr) return {};
  std::map<std::string, const model::Change*> newest;  // by file: the last difference holds all of them
  for (const auto& change : file.changes) {
    const bool concerns = change.service == service || m_topology.dependsOn(service, change.service);
    if (concerns && isShown(change)) newest[change.source] = &change;
  }
  std::vector<const model::Change*> shown;
  for (const auto& [source, change] : newest) shown.push_back(change);
  std::ranges::stable_sort(shown, {}, [&](const auto* change) {
    return std::pair(change->at > sign->first, std::chrono::abs(change->at - sign->first));
  });
  if (shown.size() > kMost) shown.resize(kMost);
  std::vector<model::Finding> out;
  for (const auto* change : shown) out.push_back(findingOf(*change, *sign));
  return out;
}

}  // namespace aiops::analysis
