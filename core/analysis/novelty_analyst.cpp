// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/novelty_analyst.h"

#include <algorithm>

#include "analysis/case_view.h"

namespace aiops::analysis {
namespace {

constexpr const char* kNew = "new_message";
constexpr std::chrono::seconds kBefore{10};  // rare messages come at any time, and mean nothing
constexpr std::chrono::seconds kAfter{5};
constexpr double kEven = 0.5, kForExplained = 0.12;
constexpr size_t kCited = 2;

std::string textOf(const model::Event& event) {
  const auto found = event.captures.find("template");
  return found == event.captures.end() ? event.evidence.front().text : found->second;
}

}  // namespace

std::vector<Claim> NoveltyAnalyst::analyse(const CaseFile& file) const {
  const CaseView view(file, m_topology);
  const auto signs = view.firstSigns();
  if (signs.empty()) return {};
  const auto sign = signs.front()->first;
  std::vector<const model::Event*> news;
  for (const auto* event : view.events()) {
    const bool near = event->first + kBefore >= sign && event->first <= sign + kAfter;
    if (near && event->signal == kNew && !event->evidence.empty()) news.push_back(event);
  }
  if (news.empty()) return {};
  const auto* origin = originOf(
      news, kTimeResolution, m_topology, [](const auto* event) -> auto& { return event->service; },
      [](const auto* event) { return event->first; });
  const auto explained = static_cast<double>(std::ranges::count_if(
      signs, [&](const auto* s) { return m_topology.explains(origin->service, s->service); }));
  Claim claim{.service = origin->service,
              .statement = origin->service + " said something that it had never said before",
              .confidence = kEven + kForExplained * explained / static_cast<double>(signs.size()),
              .note = "never seen before: " + textOf(*origin)};
  size_t cited = 0;
  for (const auto* event : news) {
    if (event->service != origin->service || cited++ == kCited) continue;
    cite(claim.evidence, *event, 1, "never seen before");
  }
  return {claim};
}

}  // namespace aiops::analysis
